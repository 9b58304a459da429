use crate::dialect::compile;
use crate::pattern::Patterns;
use crate::record::Record;

struct Case {
    name: &'static str,
    format: &'static str,
    line: &'static str,
    /// `name:kind=value` of each field.
    want: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "nginx variables, alone",
        format: r#"${remote_addr} "$http_x_original_url" $arg_u $cookie_sid $upstream_addr"#,
        line: r#"192.0.2.1 "http://a/" u sid 10.0.0.1:80"#,
        want: "remote_addr:client=192.0.2.1 http_x_original_url:header=http://a/ arg_u:query=u cookie_sid:cookie=sid \
               upstream_addr:target=10.0.0.1:80",
    },
    Case {
        name: "nginx directive of several strings",
        format: "log_format x escape=none\n  '$host ' \"$request_uri\"\n  ' $status';",
        line: r"a.example /\x41 200",
        want: r"host:host=a.example request_uri:request=/\\x41 status:number=200",
    },
    Case {
        name: "escape=json",
        format: r#"escape=json {"u":"$uri","b":"$request_body"}"#,
        line: r#"{"u":"/\"\u0001","b":"x\\"}"#,
        want: r#"uri:path=/\"\x01 request_body:body=x\\"#,
    },
    Case {
        name: "nginx fields that touch",
        format: "$host$request_uri $status",
        line: "a.example/b?c 200",
        want: "host+request_uri:request=a.example/b?c status:number=200",
    },
    Case {
        name: "a dollar that names nothing, and a capture of a pattern",
        format: "$ $status $1",
        line: "$ 200 x",
        want: "status:number=200 1:text=x",
    },
    Case {
        name: "apache directive with hidden quotes",
        format: r#"LogFormat "%{c}a %h %t \"%m %U%q %H\" %!200,304>s %{X-Up}i %{sid}C %^ti" long"#,
        line: r#"10.0.0.1 192.0.2.1 [12/Mar/2025:08:00:00 +0000] "GET /a?b HTTP/1.1" 500 http://a/ c t"#,
        want: "peer_address:client=10.0.0.1 remote_host:client=192.0.2.1 time:time=12/Mar/2025:08:00:00 +0000 \
               method:text=GET path+query:request=/a?b protocol:text=HTTP/1.1 status:number=500 \
               X-Up:header=http://a/ cookie:sid:cookie=c ^ti:text=t",
    },
    Case {
        name: "apache signs",
        format: "%% %{%d}t %{msec}t %D %",
        line: "% 12 1741768560779 15 %",
        want: "time:%d:text=12 time:time=1741768560779 duration_us:number=15",
    },
    Case {
        name: "envoy commands",
        format: "%START_TIME(%s)% %REQ(X-UP?HOST):10% %UPSTREAM_HOST% %% %RESP(LOCATION)% %DYNAMIC_METADATA(a:b)%",
        line: "1741768560 a.example 10.0.0.1:80 % /x m",
        want: "start_time:time=1741768560 host:host=a.example upstream_host:target=10.0.0.1:80 \
               response:location:text=/x dynamic_metadata:text=m",
    },
    Case {
        name: "api gateway variables",
        format: "$context.identity.sourceIp \"$context.identity.userAgent\" $context.authorizer.claim",
        line: "192.0.2.1 \"curl\" x",
        want: "identity.sourceIp:client=192.0.2.1 identity.userAgent:user-agent=curl authorizer.claim:text=x",
    },
];

#[test]
fn format_strings_say_where_fields_are() {
    for Case { name, format, line, want } in CASES {
        let pattern = compile(format).unwrap_or_else(|| panic!("{name}: no fields"));
        let patterns = Patterns::new(vec![pattern]);
        let mut record = Record::default();
        assert!(patterns.read(line.as_bytes(), 0, &mut record), "{name}: not read");
        let fields = record
            .fields
            .iter()
            .map(|field| format!("{}:{}={}", field.name, field.kind.as_str(), field.value.escape_ascii()));
        assert_eq!(fields.collect::<Vec<_>>().join(" "), *want, "{name}");
    }
}

#[test]
fn strings_without_fields_are_refused() {
    for text in ["", "plain", "log_format x", "log_format x '';", "LogFormat", "100 % sure", "$", "%%"] {
        assert!(compile(text).is_none(), "{text}");
    }
}
