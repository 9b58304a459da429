//! Forms of hosts as regular expressions: `onehop_scan::rules::sigma::forms` has the table.
//!
//! What comes out is understood alike by the engines that Sigma is converted for: no look-around, no classes such as
//! `\d`, no flags, and shorter than the least of their limits. It begins and ends with `.*`, since some engines match
//! whole values only.

/// Longest pattern that Elasticsearch takes by default.
pub(crate) const PATTERN_MAX_CHARS: usize = 1000;

/// The regular expression for a form.
pub(crate) fn of(form: &str) -> String {
    let mut out = String::from(".*");
    let mut rest = form.chars().peekable();
    while let Some(sign) = rest.next() {
        let is_repeated = rest.peek().is_some_and(|next| "*+?".contains(*next));
        match sign {
            '(' | '|' | ')' | '*' | '+' | '?' => out.push(sign),
            _ if is_repeated => out.extend(["(", &atom(sign), ")"]),
            _ => out.push_str(&atom(sign)),
        }
    }
    out + ".*"
}

/// One character in every form under any number of percent-encodings.
fn atom(sign: char) -> String {
    let byte = u8::try_from(sign).expect("forms are ASCII");
    match sign {
        '0'..='9' => format!("(%(25)*3)?{sign}"),
        'a'..='z' => {
            let (plain, coded) = (sign.to_ascii_uppercase(), low(byte));
            let high = if byte < b'p' { "[46]" } else { "[57]" };
            format!("([{sign}{plain}]|%(25)*{high}{coded})")
        }
        _ => {
            let shown = if sign == '.' { "\\.".to_owned() } else { sign.to_string() };
            format!("({shown}|%(25)*{}{})", byte >> 4, low(byte))
        }
    }
}

/// The last digit of the code, in both cases.
fn low(byte: u8) -> String {
    match byte & 15 {
        digit @ 0..=9 => digit.to_string(),
        digit => {
            let letter = char::from(b'a' + digit - 10);
            format!("[{letter}{}]", letter.to_ascii_uppercase())
        }
    }
}

#[test]
fn characters_stand_under_any_number_of_encodings() {
    for (form, want) in [
        ("1", ".*(%(25)*3)?1.*"),
        ("a", ".*([aA]|%(25)*[46]1).*"),
        ("x", ".*([xX]|%(25)*[57]8).*"),
        ("o", ".*([oO]|%(25)*[46][fF]).*"),
        (".", ".*(\\.|%(25)*2[eE]).*"),
        (":", ".*(:|%(25)*3[aA]).*"),
        ("-", ".*(-|%(25)*2[dD]).*"),
        ("/", ".*(/|%(25)*2[fF]).*"),
        ("0+7", ".*((%(25)*3)?0)+(%(25)*3)?7.*"),
        ("(1|2)", ".*((%(25)*3)?1|(%(25)*3)?2).*"),
        ("(0*:)+0", ".*(((%(25)*3)?0)*(:|%(25)*3[aA]))+(%(25)*3)?0.*"),
    ] {
        assert_eq!(of(form), want, "{form}");
    }
}
