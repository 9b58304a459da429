//! What CloudTrail records cannot show.

/// Something that these rules cannot see, and what can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlindSpot {
    /// What is not seen.
    pub what: &'static str,
    /// Why, and where to look instead.
    pub why: &'static str,
}

const SPOTS: &[BlindSpot] = &[
    BlindSpot {
        what: "requests to the metadata service",
        why: "They are no API calls. `MetadataNoToken` and `MetadataNoTokenRejected` count them in CloudWatch, which CloudTrail does \
              not record; alarm on those metrics, or watch on the instance.",
    },
    BlindSpot {
        what: "stolen credentials that were not used, or used for calls that the trail does not record",
        why: "Data events (objects, functions, tables) are recorded only where they were switched on.",
    },
    BlindSpot {
        what: "use through the instance itself, or through its NAT gateway or VPC",
        why: "The source address is the instance's own, or one that it shares.",
    },
    BlindSpot {
        what: "who was first, when a session is read for the first time",
        why: "The first source is taken for the instance unless its launch or its elastic address is in the records. A finding names \
              the homes that it was compared with.",
    },
    BlindSpot {
        what: "changes of routing",
        why: "An instance that starts to leave by another NAT gateway or proxy looks like another place, unless the account was given \
              the address in the records or several instances moved there before.",
    },
    BlindSpot {
        what: "addresses of running instances",
        why: "Answers to `DescribeInstances` are not recorded. Addresses come from launches, associations and assignments alone.",
    },
    BlindSpot {
        what: "roles that were assumed with stolen credentials",
        why: "The session that `AssumeRole` gives has no role delivery; follow its access key from the `AssumeRole` record.",
    },
    BlindSpot {
        what: "credentials of containers and functions",
        why: "ECS tasks, EKS pods and Lambda functions have no role delivery in their records.",
    },
    BlindSpot {
        what: "tokens that are optional without anybody writing so",
        why: "A template or launch configuration without the option takes it from the account or the image. Launches are judged by \
              the answer, which has the value in effect.",
    },
    BlindSpot {
        what: "metadata options of SageMaker notebooks, Image Builder, Beanstalk, EMR and AppStream",
        why: "They have options of their own names in calls that are not watched.",
    },
    BlindSpot {
        what: "query results of CloudTrail Lake and Athena",
        why: "They spell the names of fields in lower case or as columns; read the delivered files instead.",
    },
];

/// What CloudTrail records cannot show, for reports to say so.
pub fn blind_spots() -> &'static [BlindSpot] {
    SPOTS
}
