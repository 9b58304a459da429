use super::*;

#[test]
fn the_host_around_an_anchor_is_found_with_its_place() {
    for (text, host) in [
        ("a=169.254.169.254&b", Some("169.254.169.254")),
        ("(169.254.169.254)", Some("169.254.169.254")),
        ("see 169.254.169.254.", Some("169.254.169.254.")),
        ("169.254.169.254.example.com", None),
        ("1.169.254.169.254", None),
    ] {
        let at = text.find("169").unwrap();
        let found = around(text.as_bytes(), at, &mut Hosts::default(), &mut (0..0));
        assert_eq!(found.as_ref().map(|found| &text[found.start..found.end]), host, "{text}");
    }
}

#[test]
fn an_ipv6_address_is_read_from_where_it_stands() {
    for (text, want) in [
        ("[::ffff:a9fe:a9fe]:80", true),
        ("\"fd00:ec2::254\"", true),
        ("host:fd00:ec2::254", true),
        ("fd00:ec2::254:", true),
        ("fd00:ec2::255", false),
        ("10:20:30:a9:fe:a9", false),
    ] {
        let at = text.find(['a', 'd']).unwrap();
        assert_eq!(ipv6(text.as_bytes(), at).is_some(), want, "{text}");
    }
}

#[test]
fn a_host_is_the_same_when_it_is_remembered() {
    let mut hosts = Hosts::default();
    let texts = ["0xa9fea9fe", "169.254.9.9", "169.254.170.2", "169.254.169.254.nip.io", "metadata"];
    // So many that all are forgotten in between, and then each twice in a row.
    let others = (0..REMEMBERED).map(|number| format!("169.254.1.{number}")).collect::<Vec<_>>();
    let again = texts.iter().flat_map(|text| [*text, *text]);
    for text in texts.into_iter().chain(others.iter().map(String::as_str)).chain(again) {
        let found = around(text.as_bytes(), 0, &mut hosts, &mut (0..0));
        assert_eq!(found, around(text.as_bytes(), 0, &mut Hosts::default(), &mut (0..0)), "{text}");
    }
}
