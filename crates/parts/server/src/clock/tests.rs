use std::time::{Duration, UNIX_EPOCH};

use super::{Clock, SystemClock, http_date};

#[test]
fn dates_are_imf_fixdate() {
    struct Case {
        name: &'static str,
        second: u64,
        want: &'static str,
    }
    let cases = [
        Case { name: "the epoch", second: 0, want: "Thu, 01 Jan 1970 00:00:00 GMT" },
        Case {
            name: "one second later on the same thread",
            second: 1,
            want: "Thu, 01 Jan 1970 00:00:01 GMT",
        },
        Case { name: "a leap day", second: 1_709_164_800, want: "Thu, 29 Feb 2024 00:00:00 GMT" },
        Case { name: "back again", second: 0, want: "Thu, 01 Jan 1970 00:00:00 GMT" },
        Case {
            name: "past four-digit years",
            second: 300_000_000_000,
            want: "Fri, 31 Dec 9999 23:59:59 GMT",
        },
    ];
    for case in cases {
        let got = http_date(UNIX_EPOCH + Duration::from_secs(case.second));
        assert_eq!(got, case.want, "{}", case.name);
    }
}

#[test]
fn the_same_second_shares_one_value() {
    let early = http_date(UNIX_EPOCH + Duration::from_secs(5));
    let late = http_date(UNIX_EPOCH + Duration::from_millis(5_999));
    assert_eq!(early.as_bytes().as_ptr(), late.as_bytes().as_ptr());
    let next = http_date(UNIX_EPOCH + Duration::from_secs(6));
    assert_ne!(late, next);
}

#[test]
fn a_clock_before_1970_reads_as_1970() {
    assert_eq!(http_date(UNIX_EPOCH - Duration::from_secs(1)), "Thu, 01 Jan 1970 00:00:00 GMT");
}

#[test]
fn the_system_clock_is_after_2020() {
    assert!(SystemClock.now() > UNIX_EPOCH + Duration::from_secs(1_577_836_800));
}
