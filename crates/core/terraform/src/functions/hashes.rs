//! Digests of texts and of files.

use super::{Args, files};
use crate::value::{Outcome, Val};
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write as _;

/// Calls a function of this group, if it is one. What is different each time it is called is not known.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    let mut text = || {
        let text = args.text(0)?;
        if world.spend(text.len() / 32) {
            Ok(text.as_bytes().to_vec())
        } else {
            Err(Val::bound("a long text"))
        }
    };
    Some(match name {
        "md5" => text().map(|bytes| hex(&Md5::digest(bytes))),
        "sha1" => text().map(|bytes| hex(&Sha1::digest(bytes))),
        "sha256" => text().map(|bytes| hex(&Sha256::digest(bytes))),
        "sha512" => text().map(|bytes| hex(&Sha512::digest(bytes))),
        "base64sha256" => text().map(|bytes| base64(&Sha256::digest(bytes))),
        "base64sha512" => text().map(|bytes| base64(&Sha512::digest(bytes))),
        "filemd5" => files::read(world, args).map(|bytes| hex(&Md5::digest(bytes))),
        "filesha1" => files::read(world, args).map(|bytes| hex(&Sha1::digest(bytes))),
        "filesha256" => files::read(world, args).map(|bytes| hex(&Sha256::digest(bytes))),
        "filesha512" => files::read(world, args).map(|bytes| hex(&Sha512::digest(bytes))),
        "filebase64sha256" => files::read(world, args).map(|bytes| base64(&Sha256::digest(bytes))),
        "filebase64sha512" => files::read(world, args).map(|bytes| base64(&Sha512::digest(bytes))),
        "uuidv5" => uuid(args),
        "uuid" | "bcrypt" | "rsadecrypt" => Err(args.unknown()),
        _ => return None,
    })
}

fn hex(digest: &[u8]) -> Val {
    let mut text = String::new();
    for byte in digest {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Val::text(text)
}

fn base64(digest: &[u8]) -> Val {
    Val::text(STANDARD.encode(digest))
}

/// A name in a name space as an id (RFC 9562 §5.5).
fn uuid(args: &Args<'_>) -> Outcome {
    /// The spaces of RFC 9562 §6.6 differ in one byte.
    const SPACE: u128 = 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8;
    let (space, name) = (args.text(0)?, args.text(1)?);
    let known =
        ["dns", "url", "oid", "", "x500"].iter().position(|known| !known.is_empty() && *known == &*space);
    let space = match known {
        Some(at) => SPACE + ((at as u128) << 96),
        None => parse_uuid(&space).ok_or_else(|| args.wrong())?,
    };
    let digest = Sha1::new().chain_update(space.to_be_bytes()).chain_update(name.as_bytes()).finalize();
    let first: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
    let id = u128::from_be_bytes(first);
    let id = id & !(0xf << 76) & !(0b11 << 62) | 5 << 76 | 0b10 << 62;
    let text = format!("{id:032x}");
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    Ok(Val::text(parts.join("-")))
}

fn parse_uuid(text: &str) -> Option<u128> {
    let digits = text.replace('-', "");
    (digits.len() == 32 && digits.is_ascii()).then(|| u128::from_str_radix(&digits, 16).ok())?
}
