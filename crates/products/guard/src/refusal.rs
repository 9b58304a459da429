//! With which status a denial is sent, so that no client falls back to IMDSv1.
//!
//! SDKs take 403, 404, 405, 5xx and silence on the token request for "no IMDSv2 here" and try without a token; some
//! remember it for the life of the process. Only 400 ends the attempt in all of them, and a 401 on a read makes
//! those that forgot about tokens ask for one.
//!
//! | denied because of | token request | read without token | read with token | other |
//! |---|---|---|---|---|
//! | rate | 429 | 429 | 429 | 429 |
//! | connections, upstream | 503 | 503 | 503 | 503 |
//! | another cloud's path | 400 | 404 | 404 | 404 |
//! | a rule that hides the path | | | 404 | |
//! | method | 400 | | | 405 |
//! | form, path, body, two tokens | 400 | 400 | 400 | 400 |
//! | forwarding, `Host`, caller, no token or a wrong one | 400 | 401 | 401 | 400 |

use onehop_imds::answer::Refusal;
use onehop_imds::request::{ImdsVersion, Kind};
use onehop_verdict::{Area, Code};

/// The refusal for a denial of a kind of request.
pub fn refusal(code: Code, kind: Kind) -> Refusal {
    match (code, kind) {
        (Code::LimitRate, _) => Refusal::TooMany,
        (Code::LimitConnections | Code::UpstreamUnavailable | Code::UpstreamProtocol, _) => {
            Refusal::Unavailable
        }
        (_, Kind::TokenRequest) => Refusal::BadRequest,
        (Code::ImdsForeignCloud | Code::PolicyDeny, _) => Refusal::NotFound,
        (Code::HttpMethod, Kind::TokenEndpoint) => Refusal::TokenMethod,
        (Code::HttpMethod, _) => Refusal::Method,
        (Code::HttpPath | Code::HttpTarget | Code::HttpBody | Code::ImdsTokenAmbiguous, _) => {
            Refusal::BadRequest
        }
        (code, Kind::Read(ImdsVersion::V1 | ImdsVersion::V2) | Kind::Foreign(_))
            if matches!(code.area(), Area::Imds | Area::Caller | Area::Http) =>
        {
            Refusal::Unauthorized
        }
        _ => Refusal::BadRequest,
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;
    use onehop_imds::answer::Answer;
    use onehop_imds::request::{ImdsVersion, Kind};
    use onehop_verdict::Code;

    #[test]
    fn no_denial_of_a_token_request_invites_a_downgrade() {
        for code in Code::ALL {
            let status = Answer::Refused(refusal(*code, Kind::TokenRequest)).status().as_u16();
            let busy = matches!(status, 429 | 503);
            let passing = matches!(
                code,
                Code::LimitRate | Code::LimitConnections | Code::UpstreamUnavailable | Code::UpstreamProtocol
            );
            assert!(status == 400 || (busy && passing), "{code}: {status}");
        }
    }

    #[test]
    fn statuses_by_kind() {
        let (v1, v2) = (Kind::Read(ImdsVersion::V1), Kind::Read(ImdsVersion::V2));
        for (code, kind, want) in [
            (Code::ImdsV1, v1, 401),
            (Code::ImdsForwarded, v1, 401),
            (Code::ImdsForwarded, v2, 401),
            (Code::HttpHost, v1, 401),
            (Code::CallerDenied, v1, 401),
            (Code::CallerUnknown, v2, 401),
            (Code::ImdsTokenInvalid, v2, 401),
            (Code::ImdsTokenAmbiguous, v2, 400),
            (Code::HttpPath, v2, 400),
            (Code::PolicyDeny, v2, 404),
            (Code::HttpMethod, Kind::Other, 405),
            (Code::HttpMethod, Kind::TokenEndpoint, 405),
            (Code::CallerDenied, Kind::Other, 400),
            (Code::LimitRate, v2, 429),
            (Code::UpstreamUnavailable, v2, 503),
        ] {
            assert_eq!(Answer::Refused(refusal(code, kind)).status().as_u16(), want, "{code} {kind:?}");
        }
    }
}
