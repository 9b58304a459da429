//! Text in many languages and scripts, encoded and raw. The phrases are fixed.

use super::{place, push_percent};
use crate::dice::Dice;
use crate::request::{Request, put};

/// None is ASCII alone.
pub(super) const PHRASES: &[&str] = &[
    "красные туфли",
    "как дела сегодня",
    "κόκκινα παπούτσια",
    "أحذية حمراء",
    "נעליים אדומות",
    "लाल जूते",
    "รองเท้าสีแดง",
    "赤い靴 サイズ 25",
    "빨간 신발",
    "红色的鞋子",
    "紅色鞋子 尺寸",
    "kırmızı ayakkabı",
    "giày màu đỏ",
    "czerwone buty żółte",
    "rote Schuhe Größe 42",
    "chaussures d'été à Orléans",
    "червоні черевики",
    "წითელი ფეხსაცმელი",
    "կարմիր կոշիկներ",
    "ቀይ ጫማ",
    "naranja y limón, ¿cuánto?",
    "røde sko på lager",
    "punaiset kengät",
    "piros cipő őszi",
];

const EMOJI: &[&str] = &["😀", "🎉🎉", "👩‍💻", "🇪🇺", "❤️", "👍🏽", "🏳️‍🌈", "⚡️", "🦀"];

/// Signs that fold to ASCII, or vanish, in ordinary use.
const TYPOGRAPHY: &[&str] = &[
    "１６９円",
    "２５４ページ",
    "①②③の順",
    "25 m² und 169 m³",
    "½ Liter",
    "Donau\u{AD}dampf\u{AD}schiff",
    "ℌ𝔢𝔩𝔩𝔬",
    "Ｈｅｌｌｏ",
    "第１６９回。第２５４回。",
    "№ 169 … 254",
    "ﬁnale ﬂotte",
    "١٦٩ ٢٥٤",
];

/// Text in a parameter, as browsers encode it.
pub(super) fn language(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    push_percent(&mut text, dice.pick(PHRASES));
    place(request, &text, dice);
}

/// Text as it is: old clients send it so, and bodies hold it.
pub(super) fn raw_language(request: &mut Request, dice: &mut Dice) {
    let phrase = dice.pick(PHRASES);
    if dice.chance(50) {
        place(request, &phrase.replace(' ', "_"), dice);
    } else {
        request.method = "POST";
        put(&mut request.body, "{\"title\":\"");
        request.body.push_str(phrase);
        request.body.push_str("\"}");
    }
}

pub(super) fn emoji(request: &mut Request, dice: &mut Dice) {
    let emoji = dice.pick(EMOJI);
    if dice.chance(50) {
        let mut text = String::new();
        push_percent(&mut text, emoji);
        place(request, &text, dice);
    } else {
        place(request, emoji, dice);
    }
}

pub(super) fn typography(request: &mut Request, dice: &mut Dice) {
    let written = dice.pick(TYPOGRAPHY);
    if dice.chance(60) {
        let mut text = String::new();
        push_percent(&mut text, written);
        place(request, &text, dice);
    } else {
        place(request, &written.replace(' ', "+"), dice);
    }
}

pub(super) fn json_escapes(request: &mut Request, dice: &mut Dice) {
    request.method = "POST";
    put(&mut request.target, "/api/v1/comments");
    put(
        &mut request.body,
        dice.pick(&[
            "{\"text\":\"line one\\nline two\\t\\\"quoted\\\"\",\"lang\":\"en\"}",
            "{\"text\":\"caf\\u00e9 \\u2014 \\ud83d\\ude00\",\"n\":169.254}",
            "{\"url\":\"https:\\/\\/www.example.org\\/latest\\/\",\"ok\":true}",
            "{\"path\":\"C:\\\\data\\\\2024\\\\x41\",\"size\":2852}",
            "{\"html\":\"<b>1 &lt; 2 &amp; 3<\\/b>\"}",
            "{\"re\":\"^\\\\d{1,3}\\\\.\\\\d{1,3}$\"}",
        ]),
    );
}

pub(super) fn html_entities(request: &mut Request, dice: &mut Dice) {
    let text = dice.pick(&[
        "%26%23169%3B+2024+Example",
        "Tom+%26amp%3B+Jerry",
        "&#169;&#174;&#254;",
        "a&nbsp;b&hellip;",
        "%26%23x2019%3Bs",
        "5+%26gt%3B+3+%26period%3B",
    ]);
    place(request, text, dice);
}
