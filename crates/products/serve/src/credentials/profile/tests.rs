//! Profiles in files of the test's own and a clock that the test moves. Every key here is made up.

mod roles;

use super::load::{Files, Loader};
use super::{CredentialSource as _, Identity, Profile, ProfileError};
use onehop_imds::request::ImdsVersion;
use onehop_imds::time::UnixSeconds;
use onehop_server::Clock;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const START: UnixSeconds = UnixSeconds::new(1_700_000_000);
const V1: Identity = Identity::Role(ImdsVersion::V1);
const V2: Identity = Identity::Role(ImdsVersion::V2);
const STATIC_KEYS: &str = "[dev]\naws_access_key_id = AKIDEXAMPLE1\naws_secret_access_key = not/a/secret\n";

struct TestClock(AtomicU64);

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A directory with the two files, removed at the end, and a clock.
struct Home {
    directory: PathBuf,
    clock: Arc<TestClock>,
}

impl Home {
    fn new(config: &str, credentials: &str) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("onehop-profile-{}-{number}", std::process::id()));
        fs::create_dir_all(&directory).expect("a scratch directory");
        let home = Home { directory, clock: Arc::new(TestClock(AtomicU64::new(START.get()))) };
        home.write("config", config);
        home.write("credentials", credentials);
        home
    }

    /// A home whose profile `dev` runs a shell script; `{home}` in it stands for the directory.
    fn with_script(script: &str) -> Self {
        let home = Home::new("", "");
        home.write("provider.sh", &script.replace("{home}", &home.path("").display().to_string()));
        let command = home.path("provider.sh");
        home.write("config", &format!("[profile dev]\ncredential_process = sh '{}'\n", command.display()));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file in the scratch directory");
    }

    fn loader(&self, name: &str) -> Loader {
        Loader::new(name, Files::At { config: self.path("config"), credentials: self.path("credentials") })
    }

    fn open(&self, name: &str) -> Result<Profile, ProfileError> {
        Profile::open_with(self.loader(name), Arc::clone(&self.clock) as Arc<dyn Clock>)
    }

    fn refusal(&self, name: &str) -> ProfileError {
        self.open(name).map(|_| ()).expect_err("the profile is refused")
    }

    /// Moves the clock to so many seconds after the start.
    fn at(&self, after: u64) -> UnixSeconds {
        self.clock.0.store(START.plus(after).get(), Ordering::SeqCst);
        START.plus(after)
    }

    /// Moves the clock to where an attempt is due, asks, which wakes the thread, and waits for the attempt.
    fn refresh_at(&self, profile: &Profile, after: u64) -> HashMap<String, String> {
        let before = profile.shared.attempts_beyond(0).expect("opened");
        let now = self.at(after);
        let _ = profile.current(V2, now);
        profile.shared.attempts_beyond(before).expect("the thread made an attempt");
        fields(profile, V2, now)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A directory that stays behind harms nobody.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn fields(profile: &Profile, identity: Identity, now: UnixSeconds) -> HashMap<String, String> {
    let document = profile.current(identity, now).document;
    serde_json::from_slice(&document).expect("a JSON object of strings")
}

/// What a `credential_process` prints.
fn process_output(key: &str, expires_after: u64) -> String {
    let expiration = START.plus(expires_after);
    format!(
        r#"{{"Version":1,"AccessKeyId":"{key}","SecretAccessKey":"not/a/secret","SessionToken":"not-a-token","Expiration":"{expiration}"}}"#
    )
}

#[test]
fn static_keys_live_six_hours_without_a_token() {
    let home = Home::new("", STATIC_KEYS);
    let profile = home.open("dev").expect("a profile with keys");
    let set = fields(&profile, V2, START);
    for (key, want) in [
        ("Code", "Success".to_owned()),
        ("Type", "AWS-HMAC".to_owned()),
        ("AccessKeyId", "AKIDEXAMPLE1".to_owned()),
        ("SecretAccessKey", "not/a/secret".to_owned()),
        ("Token", String::new()),
        ("LastUpdated", START.to_string()),
        ("Expiration", START.plus(21_600).to_string()),
    ] {
        assert_eq!(set[key], want, "{key}");
    }
    assert_eq!(fields(&profile, V1, START), set, "both versions give the same set");
    let debug = format!("{profile:?}");
    assert!(debug.contains("dev") && !debug.contains("secret"), "{debug}");
}

#[test]
fn a_profile_has_no_identity_of_the_instance() {
    let profile = Home::new("", STATIC_KEYS).open("dev").expect("a profile with keys");
    let answer = fields(&profile, Identity::Instance, START);
    assert_eq!(answer["Code"], "Failed");
    assert!(!answer.contains_key("AccessKeyId"), "{answer:?}");
}

#[test]
fn files_are_read_again_every_hour_and_lost_keys_are_served_to_their_end_only() {
    let home = Home::new("", STATIC_KEYS);
    let profile = home.open("dev").expect("a profile with keys");
    home.write("credentials", &STATIC_KEYS.replace("AKIDEXAMPLE1", "AKIDEXAMPLE2"));
    assert_eq!(fields(&profile, V2, home.at(3_599))["AccessKeyId"], "AKIDEXAMPLE1");
    let second = home.refresh_at(&profile, 3_600);
    assert_eq!(second["AccessKeyId"], "AKIDEXAMPLE2");
    assert_eq!(second["Expiration"], START.plus(3_600 + 21_600).to_string());

    home.write("credentials", "");
    assert_eq!(home.refresh_at(&profile, 7_200), second, "still valid");
    assert_eq!(fields(&profile, V2, START.plus(25_199)), second, "valid to the last second");
    let gone = fields(&profile, V2, START.plus(25_200));
    assert_eq!(gone["Code"], "Failed");
    assert_eq!(gone["LastUpdated"], START.plus(7_200).to_string());
    assert!(!gone["Message"].contains(&home.directory.display().to_string()), "{gone:?}");
}

#[test]
fn an_unknown_profile_names_the_files_and_the_nearest() {
    let home = Home::new("[profile development]\nregion = eu-west-1\n", STATIC_KEYS);
    let near = home.refusal("developmnt");
    let message = near.to_string();
    for part in ["developmnt", &home.path("config").display().to_string(), "credentials`"] {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert_eq!(near.hint(), "did you mean `development`?");
    let far = home.refusal("zzz");
    assert!(matches!(far, ProfileError::Unknown { nearest: None, .. }), "{far:?}");
    assert!(far.hint().contains("AWS_CONFIG_FILE"), "{}", far.hint());
}

#[test]
fn profiles_that_cannot_be_used_are_told_apart_at_start() {
    struct Case {
        name: &'static str,
        config: &'static str,
        want: fn(&ProfileError) -> bool,
    }
    let cases = [
        Case {
            name: "nothing about credentials",
            config: "[profile dev]\nregion = eu-west-1\n",
            want: |error| matches!(error, ProfileError::NoCredentials { .. }),
        },
        Case {
            name: "half a key",
            config: "[profile dev]\naws_access_key_id = AKIDEXAMPLE1\n",
            want: |error| matches!(error, ProfileError::Invalid { problem, .. } if problem.contains("aws_secret_access_key")),
        },
        Case {
            name: "a chain that is a loop",
            config: "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = dev\n",
            want: |error| matches!(error, ProfileError::Invalid { problem, .. } if problem.contains("loop")),
        },
        Case {
            name: "not the format",
            config: "[profile dev\n",
            want: |error| matches!(error, ProfileError::Invalid { problem, .. } if problem.contains("line 1")),
        },
        Case {
            name: "a process that fails",
            config: "[profile dev]\ncredential_process = echo hush-hush >&2; exit 3\n",
            want: |error| matches!(error, ProfileError::Failed { .. }),
        },
    ];
    for case in cases {
        let error = Home::new(case.config, "").refusal("dev");
        assert!((case.want)(&error), "{}: {error:?}", case.name);
        assert!(error.to_string().contains("`dev`") && !error.hint().is_empty(), "{}", case.name);
        assert!(!format!("{error:?} {error}").contains("hush-hush"), "{}: {error:?}", case.name);
    }
}

#[test]
fn an_expiring_set_is_replaced_in_time() {
    let home = Home::with_script("cat '{home}/output.json'");
    home.write("output.json", &process_output("ASIAEXAMPLE1", 3_600));
    let profile = home.open("dev").expect("the process gives a set");
    let first = fields(&profile, V2, START);
    assert_eq!((first["AccessKeyId"].as_str(), first["Token"].as_str()), ("ASIAEXAMPLE1", "not-a-token"));
    assert_eq!(first["Expiration"], START.plus(3_600).to_string());

    home.write("output.json", &process_output("ASIAEXAMPLE2", 7_200));
    assert_eq!(fields(&profile, V2, home.at(2_399)), first, "not due");
    let second = home.refresh_at(&profile, 2_400);
    assert_eq!(second["AccessKeyId"], "ASIAEXAMPLE2");
    assert_eq!(second["LastUpdated"], START.plus(2_400).to_string());
}

#[test]
fn a_failure_after_a_success_is_a_document_once_the_set_expired() {
    let home = Home::with_script("cat '{home}/output.json' || { echo hush-hush >&2; exit 1; }");
    home.write("output.json", &process_output("ASIAEXAMPLE1", 3_600));
    let profile = home.open("dev").expect("the process gives a set");
    let first = fields(&profile, V2, START);

    fs::remove_file(home.path("output.json")).expect("the file is there");
    assert_eq!(home.refresh_at(&profile, 2_400), first, "valid although the refresh failed");
    assert_eq!(fields(&profile, V2, START.plus(3_599)), first, "valid to the last second");
    let expired = home.refresh_at(&profile, 3_600);
    assert_eq!(expired["Code"], "Failed");
    assert!(!expired.contains_key("AccessKeyId"), "{expired:?}");
    assert!(!expired["Message"].contains("hush-hush"), "{expired:?}");

    home.write("output.json", &process_output("ASIAEXAMPLE2", 7_200));
    let repaired = home.refresh_at(&profile, 3_660);
    assert_eq!((repaired["Code"].as_str(), repaired["AccessKeyId"].as_str()), ("Success", "ASIAEXAMPLE2"));
}

#[test]
fn a_set_that_is_not_replaced_is_not_served_expired_while_the_thread_works() {
    let home = Home::with_script("cat '{home}/output.json'");
    home.write("output.json", &process_output("ASIAEXAMPLE1", 60));
    let profile = home.open("dev").expect("the process gives a set");
    // The clock of the thread stands still, so nothing is refreshed.
    let answer = fields(&profile, V2, START.plus(60));
    assert_eq!(answer["Code"], "Failed");
    assert!(answer["Message"].contains("expired"), "{answer:?}");
}

#[test]
fn a_set_that_had_expired_is_refused_at_start() {
    let home = Home::with_script("cat '{home}/output.json'");
    home.write("output.json", &process_output("ASIAEXAMPLE1", 0));
    let error = home.refusal("dev");
    assert!(matches!(error, ProfileError::Expired { expired, .. } if expired == START), "{error:?}");
}

#[test]
fn dropping_ends_the_thread_even_while_a_provider_works() {
    let home = Home::with_script("cat '{home}/output'");
    home.write("output", &process_output("ASIAEXAMPLE1", 3_600));
    let profile = home.open("dev").expect("the process gives a set");
    let pipe = home.path("output");
    fs::remove_file(&pipe).expect("the file is there");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let _ = profile.current(V2, home.at(2_400));
    // Opens as soon as the process of the refresh reads, which it does until this end is closed.
    let (opened, reads) = std::sync::mpsc::channel();
    std::thread::spawn(move || opened.send(fs::File::options().write(true).open(pipe)));
    let writer = reads.recv_timeout(Duration::from_secs(30)).expect("a refresh").expect("the process reads");
    let shared = Arc::downgrade(&profile.shared);
    drop(profile);
    assert_eq!(shared.strong_count(), 0, "the thread is gone");
    drop(writer);
}

#[test]
fn opening_from_inside_a_runtime_works() {
    let home = Home::new("", STATIC_KEYS);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let key = runtime.block_on(async {
        let profile = home.open("dev").expect("a profile with keys");
        fields(&profile, V2, START)["AccessKeyId"].clone()
    });
    assert_eq!(key, "AKIDEXAMPLE1");
}
