//! What each format looks like. The page of HTML is in `formats`, without its style and script.

use crate::{made_up, report, report_with};
use onehop_report::{Finding, Format, Gate, Style, Suppressions};
use time::macros::date;

fn excepted() -> Gate {
    let exceptions = "[[suppress]]\nrule = \"IMDS-TOKENS-OPTIONAL\"\npath = \"infra/**\"\nowner = \"a@example.com\"\n\
         until = 2026-12-31\nreason = \"made up\"\n";
    let suppressions = Suppressions::parse(exceptions, date!(2026 - 11 - 22)).expect("the file is right");
    Gate { suppressions, ..Gate::default() }
}

macro_rules! snapshot {
    ($($name:ident: $format:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(report_with($format, Style::default(), excepted(), made_up::all()));
        }
    )*};
}

snapshot! {
    text: Format::Text;
    json: Format::Json;
    sarif: Format::Sarif;
    ocsf: Format::Ocsf;
    ecs: Format::Ecs;
    junit: Format::Junit;
    csv: Format::Csv;
    markdown: Format::Markdown;
    prometheus: Format::Prometheus;
}

#[test]
fn html_without_style_and_script() {
    let page = report_with(Format::Html, Style::default(), excepted(), made_up::all());
    let (head, rest) = page.split_once("<style>").expect("it has a style");
    let (_, rest) = rest.split_once("</style>").expect("the style ends");
    let (body, end) = rest.split_once("<script>").expect("it has a script");
    let (_, end) = end.split_once("</script>").expect("the script ends");
    let digest = head.find("sha256-").expect("the script has a digest") + 7;
    let head = format!("{}DIGEST{}", &head[..digest], &head[digest + 44..]);
    insta::assert_snapshot!(format!("{head}{body}{end}"));
}

#[test]
fn nothing_found() {
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Html) {
        insta::assert_snapshot!(format!("nothing_{format}"), report(format, Vec::<Finding>::new()));
    }
}

#[test]
fn colours_are_beside_words() {
    let style = Style { color: true, ..Style::default() };
    insta::assert_snapshot!(report_with(Format::Text, style, Gate::default(), [made_up::attempt()]));
}
