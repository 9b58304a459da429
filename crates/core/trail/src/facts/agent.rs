//! What a user agent says about the program and the system it ran on.
//!
//! The text is the caller's own claim: it can raise a doubt, never settle one. Total.

/// The operating system that a user agent names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum System {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
}

impl System {
    /// The stable text.
    pub const fn as_str(self) -> &'static str {
        match self {
            System::Linux => "linux",
            System::Windows => "windows",
            System::MacOs => "macos",
        }
    }
}

/// What a user agent says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The program: the agent that the text names, or the first product, in lower case, e.g. `amazon-ssm-agent`, `boto3`.
    pub tool: String,
    /// The system it names.
    pub system: Option<System>,
    /// Whether it names an SDK, a command line or an agent for AWS.
    pub ordinary: bool,
    /// The distribution for attackers that it names.
    pub hostile: Option<&'static str>,
}

/// Agents that run on instances; they stand behind the SDK's own name.
const AGENTS: [&str; 7] = [
    "amazon-ssm-agent",
    "amazon-cloudwatch-agent",
    "cwagent",
    "amazon-ecs-agent",
    "amazon-vpc-cni",
    "amazon-inspector",
    "codedeploy-agent",
];
/// What ordinary callers of AWS name themselves by.
const ORDINARY: [&str; 6] = ["aws", "amazon", "boto", "apn/", "hashicorp", "ec2-macos"];
/// As they stand in the kernel release or the distribution of a user agent.
const HOSTILE: [&str; 4] = ["kali", "parrot", "pentoo", "blackarch"];
const TOOL_MAX_CHARS: usize = 48;

impl Agent {
    /// Reads a user agent.
    pub fn read(text: &str) -> Agent {
        let text = text.to_ascii_lowercase();
        Agent {
            tool: tool(&text),
            system: system(&text),
            ordinary: ORDINARY.iter().any(|mark| text.contains(mark)),
            hostile: HOSTILE.into_iter().find(|mark| text.contains(mark)),
        }
    }
}

fn tool(text: &str) -> String {
    if let Some(agent) = AGENTS.iter().find(|agent| text.contains(**agent)) {
        return (*agent).to_owned();
    }
    let product = text.trim_start_matches(['[', ' ']).split(['/', ' ', ']']).next().unwrap_or_default();
    product.chars().take(TOOL_MAX_CHARS).collect()
}

fn system(text: &str) -> Option<System> {
    // "darwin" holds "win": the longer names come first.
    [
        ("darwin", System::MacOs),
        ("macos", System::MacOs),
        ("windows", System::Windows),
        ("linux", System::Linux),
    ]
    .into_iter()
    .find_map(|(mark, system)| text.contains(mark).then_some(system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agents_are_read() {
        let ssm = "aws-sdk-go/1.41.4 (go1.18.3; linux; amd64) amazon-ssm-agent/";
        let kali = "aws-cli/1.19.1 Python/3.9.2 Linux/5.10.0-kali9-amd64 botocore/1.20.0";
        for (text, tool, system, ordinary, hostile) in [
            (ssm, "amazon-ssm-agent", Some(System::Linux), true, None),
            (kali, "aws-cli", Some(System::Linux), true, Some("kali")),
            (
                "[aws-cli/2.0.1 Python/3.7.5 Windows/10 botocore/2.0.0]",
                "aws-cli",
                Some(System::Windows),
                true,
                None,
            ),
            (
                "Boto3/1.15.2 Python/3.8.2 Darwin/18.7.0 Botocore/1.18.2",
                "boto3",
                Some(System::MacOs),
                true,
                None,
            ),
            ("curl/8.5.0", "curl", None, false, None),
            ("", "", None, false, None),
        ] {
            let want = Agent { tool: tool.to_owned(), system, ordinary, hostile };
            assert_eq!(Agent::read(text), want, "{text}");
        }
    }
}
