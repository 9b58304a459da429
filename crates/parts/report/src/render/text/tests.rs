use super::counted;
use serde_json::json;

#[test]
fn one_thing_is_not_several() {
    for (name, count, want) in [
        ("files", 1, "1 file"),
        ("files", 2, "2 files"),
        ("files", 0, "0 files"),
        ("lines_decoded", 1, "1 line decoded"),
        ("lines_decoded", 21, "21 lines decoded"),
        ("policies", 1, "1 policy"),
        ("addresses", 1, "1 address"),
        ("instances", 1, "1 instance"),
    ] {
        assert_eq!(counted(name, &json!(count)).as_deref(), Some(want));
    }
}
