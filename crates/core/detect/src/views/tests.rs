use super::*;

#[test]
fn delimiters_are_read_and_places_lead_back() {
    for (text, sign, want) in [
        ("http-3A-2F-2F169-2E254-2Fa", b'-', "http://169.254/a"),
        ("_5Bfd00_3Aec2_5D", b'_', "[fd00:ec2]"),
        ("a.3A.2Fb.2Ec", b'.', "a:/b.2Ec"),
        ("=40=3f x=20", b'=', "@? x=20"),
        (".5B.3A.3Affff.3A1.2.3.4.25eth0.5D.2F", b'.', "[::ffff:1.2.3.4%eth0]/"),
        (".5B.3A.3Affff.3A1.2.3.254.5D", b'.', "[::ffff:1.2.3.254]"),
        ("169-254-2e-3", b'-', "169-254.-3"),
        (".2Fa9feaa02.5db8d822.rbndr.us.2F", b'.', "/a9feaa02.5db8d822.rbndr.us/"),
    ] {
        let mut view = View::default();
        view.delimited(text.as_bytes(), &[sign], Reading::Careful);
        assert_eq!(String::from_utf8_lossy(&view.text), want, "{text}");
        assert!(signs(text.as_bytes()).any(|(seen, _)| seen == sign), "{text}");
        assert_eq!(view.place(view.text.len()), text.len(), "{text}");
        for at in 0..view.text.len() {
            let (place, next) = (view.place(at), view.place(at + 1));
            assert!(
                next == place + 1 && text.as_bytes()[place] == view.text[at] || next == place + 3,
                "{text} {at}"
            );
        }
    }
    assert_eq!(signs(b"2026-10-11 a=b 1.2.3 x_y -20 =41").count(), 0);
}

#[test]
fn every_delimiter_is_read_where_that_is_asked() {
    for (text, signs, want) in [
        ("http=3A=2F=20169=2E254", &b"="[..], "http:/ 169.254"),
        ("_3A169_2E254_25", b"_", ":169.254%"),
        (".2F169.254.20", b".", "/169.254 "),
        ("-2F192-2E0.2F", b"-.", "/192.0/"),
    ] {
        let mut view = View::default();
        view.delimited(text.as_bytes(), signs, Reading::Every);
        assert_eq!(String::from_utf8_lossy(&view.text), want, "{text}");
    }
    assert!(has_more(b"=2F=20", b'=') && !has_more(b"=2F 20", b'='));
}

#[test]
fn what_vanishes_is_closed_up() {
    let mut view = View::default();
    view.close_up(b"1\xF96\xFA9");
    assert_eq!(view.text, b"169");
    assert_eq!([0, 1, 2, 3].map(|at| view.place(at)), [0, 2, 4, 5]);
    assert_eq!([view.within(&(0..5)), view.within(&(1..3)), view.within(&(4..5))], [0..3, 1..2, 2..3]);
    view.close_up(b"=1=\xFA\xFB=\xFA69=");
    assert_eq!(view.text, b"=169=");
    assert_eq!([0, 1, 2, 3, 4, 5].map(|at| view.place(at)), [0, 1, 7, 8, 9, 10]);
}
