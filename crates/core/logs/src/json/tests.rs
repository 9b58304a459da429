use super::{Broken, DEPTH_MAX, Event, Reader};
use std::fmt::Write as _;

fn written(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}

/// The events in short, and how they ended.
fn events(text: &str) -> (String, Result<(), Broken>) {
    let mut reader = Reader::new(text.as_bytes(), 0);
    let mut out = String::new();
    loop {
        match reader.next() {
            Ok(None) => return (out, Ok(())),
            Err(broken) => return (out, Err(broken)),
            Ok(Some(event)) => match event {
                Event::Open { array } => out.push(if array { '[' } else { '{' }),
                Event::Close => out.push('.'),
                Event::Key(range) => written(&mut out, format_args!("{}:", &text[range])),
                Event::Text(range) => written(&mut out, format_args!("'{}' ", &text[range])),
                Event::Number(range) => written(&mut out, format_args!("{} ", &text[range])),
                Event::Word => out.push('w'),
                Event::TooDeep(at) => {
                    written(&mut out, format_args!("deep {at}"));
                    return (out, Ok(()));
                }
            },
        }
    }
}

#[test]
fn everything_has_its_place() {
    for (text, want) in [
        (r#"{"a":"b","c":[1,-2.5e3,true],"d":{}}"#, "{a:'b' c:[1 -2.5e3 w.d:{.."),
        (r#" { "a" : null } "#, "{a:w."),
        (r#"{"a\"b":"c\\"}"#, r#"{a\"b:'c\\' ."#),
        ("[[],{}]", "[[.{.."),
        ("[1],", "[1 ."),
        ("\"a\"", "'a' "),
    ] {
        assert_eq!(events(text), (want.to_owned(), Ok(())), "{text}");
    }
}

#[test]
fn broken_text_ends_the_events() {
    for (text, want) in [
        ("", ""),
        ("{", "{"),
        (r#"{"a"}"#, "{"),
        (r#"{"a":1,}"#, "{a:1 "),
        ("[1,]", "[1 "),
        ("[1}", "[1 "),
        (r#"{"a":1]"#, "{a:1 "),
        (r#"{"a":"b"#, "{a:"),
        (r#"{"a":"b\"#, "{a:"),
        ("[1] x", "[1 ."),
        ("[1],,", "[1 ."),
        ("[nul]", "["),
        ("]", ""),
        ("plain text", ""),
    ] {
        assert_eq!(events(text), (want.to_owned(), Err(Broken)), "{text}");
    }
}

#[test]
fn a_depth_is_not_passed() {
    let deepest = "[".repeat(DEPTH_MAX as usize) + &"]".repeat(DEPTH_MAX as usize);
    assert_eq!(events(&deepest).1, Ok(()));
    let deeper = "[".repeat(100_000);
    let (events, end) = events(&deeper);
    assert!(events.ends_with("deep 64"), "{}", &events[60..]);
    assert_eq!(end, Ok(()));
}
