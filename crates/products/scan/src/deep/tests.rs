use super::*;

fn found(text: &str) -> Vec<(String, String, String)> {
    let mut deep = Deep::default();
    let hits = deep.find(text.as_bytes(), &mut Sieve::new(), &mut Detector::new());
    let told = |hit: Hit| {
        let layers = hit.layers.iter().flat_map(|layer| layer.iter()).map(Encoding::as_str);
        (hit.host, layers.collect::<Vec<_>>().join(" "), text[hit.place].to_owned())
    };
    hits.into_iter().map(told).collect()
}

#[test]
fn what_is_packed_is_found_at_its_place() {
    for (text, host, layers, place) in [
        (
            "u=aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8=&v",
            "169.254.169.254",
            "base64",
            "aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8",
        ),
        (
            "/xaHR0cDovLzE2OS4yNTQuMTY5LjI1NC8 ",
            "169.254.169.254",
            "base64",
            "/xaHR0cDovLzE2OS4yNTQuMTY5LjI1NC8",
        ),
        ("u=MHhhOWZlYTlmZS9hPz8%2FYg", "169.254.169.254", "base64", "MHhhOWZlYTlmZS9hPz8%2FYg"),
        (r"u=MHhhOWZlYTlmZS9hPz8\/Yg", "169.254.169.254", "base64", r"MHhhOWZlYTlmZS9hPz8\/Yg"),
        (
            "aAB0AHQAcAA6AC8ALwAxADYAOQAuADIANQA0AC4AMQA2ADkALgAyADUANAA=",
            "169.254.169.254",
            "base64",
            "aAB0AHQAcAA6AC8ALwAxADYAOQAuADIANQA0AC4AMQA2ADkALgAyADUANAA",
        ),
        (
            "YUhSMGNEb3ZMekUyT1M0eU5UUXVNVFk1TGpJMU5DOD0",
            "169.254.169.254",
            "base64 base64",
            "YUhSMGNEb3ZMekUyT1M0eU5UUXVNVFk1TGpJMU5DOD0",
        ),
        ("x 3136392e3235342e3136392e323534 y", "169.254.169.254", "hex", "3136392e3235342e3136392e323534"),
        (
            "NB2HI4B2F4XTCNRZFYZDKNBOGE3DSLRSGU2C6===",
            "169.254.169.254",
            "base32",
            "NB2HI4B2F4XTCNRZFYZDKNBOGE3DSLRSGU2C6",
        ),
        ("GET /tsetal/452.961.452.961//:ptth x", "169.254.169.254", "reversed", "/tsetal/452.961.452.961"),
        ("u=%34%35%32.961.452.961//:ptth", "169.254.169.254", "percent reversed", "u=%34%35%32.961.452.961"),
        (
            r"u=slaitnederc\1v\32.%E2%80%8B071.452.961\\:ptth ",
            "169.254.170.23",
            "percent reversed",
            r"u=slaitnederc\1v\32.%E2%80%8B071.452.961",
        ),
        ("u=/atad-ecnatsni//:ptth", "instance-data", "reversed", "u=/atad-ecnatsni"),
    ] {
        let want = vec![(host.to_owned(), layers.to_owned(), place.to_owned())];
        assert_eq!(found(text), want, "{text}");
    }
}

#[test]
fn ordinary_lines_hide_nothing() {
    for text in [
        "169.254.169.254 as it is\n",
        r#"203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /products/42/reviews?id=6619302581 HTTP/1.1" 200 5"#,
        "d41d8cd98f00b204e9800998ecf8427e ef9aef9a-0000-4000-8000-123456789abc",
        "",
        "\n\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_text_is_reversed_by_its_characters() {
    for (text, want) in
        [(&b"abc"[..], &b"cba"[..]), ("a①b".as_bytes(), "b①a".as_bytes()), (b"\xFFa\x80", b"\x80a\xFF")]
    {
        let mut reversed = text.to_vec();
        reverse(&mut reversed);
        assert_eq!(reversed, want);
    }
}
