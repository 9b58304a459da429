//! Nanoseconds a call, best of several rounds. `cargo bench -p onehop-address`. A budget of 10 ns for ordinary
//! addresses is printed beside; nothing is asserted, as machines differ.

use onehop_address::spelling::read;
use onehop_address::{Classifier, classify, names};
use std::hint::black_box;
use std::io::{self, Write};
use std::net::IpAddr;
use std::time::Instant;

/// Short rounds, so that some are not interrupted.
const ROUNDS: usize = 2000;
const CALLS: usize = 6_000;

fn best<T>(inputs: &[T], mut call: impl FnMut(&T)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for input in inputs.iter().cycle().take(CALLS) {
            call(black_box(input));
        }
        let each = start.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(CALLS).unwrap_or(u32::MAX));
        best = best.min(each);
    }
    best
}

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let ordinary4 =
        addresses(&["8.8.8.8", "1.1.1.1", "93.184.216.34", "151.101.1.69", "52.95.110.1", "20.42.65.90"]);
    let special4 =
        addresses(&["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "192.0.2.1"]);
    let ordinary6 = addresses(&[
        "2606:4700:4700::1111",
        "2a00:1450:4001:82a::200e",
        "2001:4860:4860::8888",
        "2600:1f18:aaf:6900::a",
        "2404:6800:4003:c02::8a",
        "2a01:4f8:c17:b8f::2",
    ]);
    let special6 = addresses(&[
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:10.0.0.1",
        "64:ff9b::808:808",
        "2002:a00:1::1",
    ]);
    let classes = [
        ("ordinary IPv4 (budget 10)", &ordinary4),
        ("special IPv4", &special4),
        ("ordinary IPv6 (budget 10)", &ordinary6),
        ("special IPv6", &special6),
    ];
    for (name, inputs) in classes {
        let each = best(inputs, |address| {
            let _ = black_box(classify(*address));
        });
        writeln!(out, "classify  {name:28} {each:7.1} ns")?;
    }
    let spellings = [
        (
            "plain names",
            vec!["example.com", "api.github.com", "www.example.org", "s3.eu-west-1.amazonaws.com"],
        ),
        ("addresses", vec!["127.0.0.1", "0x7f.1", "2130706433", "[::1]"]),
        ("folded", vec!["127。0。0。1", "loc%61lhost", "ⓔxample.com", "EXAMPLE.com"]),
    ];
    for (name, inputs) in &spellings {
        let each = best(inputs, |host| {
            let _ = black_box(read(host));
        });
        writeln!(out, "read      {name:28} {each:7.1} ns")?;
    }
    let classifier = Classifier::new();
    let hosts = ["example.com", "api.github.com", "10-0-0-1.nip.io", "metadata.google.internal"];
    let each = best(&hosts, |name| {
        let _ = black_box(names::judge(name, &classifier));
    });
    writeln!(out, "judge     {:28} {each:7.1} ns", "names")
}
