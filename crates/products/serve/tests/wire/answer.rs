//! An answer as it stood on the wire: spelling and order of the headers are kept.

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) version: String,
    pub(crate) status: u16,
    pub(crate) reason: String,
    /// Names and values as written, in order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads one whole answer. An answer to HEAD has no body, whatever its length says; any other has exactly the
    /// body that its length says.
    pub(crate) fn parse(bytes: &[u8], is_head: bool) -> Answer {
        let shown = String::from_utf8_lossy(bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no whole head in {shown:?}"));
        let head = std::str::from_utf8(&bytes[..end]).expect("heads are text");
        let mut lines = head.split("\r\n");
        let mut status_line = lines.next().unwrap_or_default().splitn(3, ' ');
        let mut word =
            || status_line.next().unwrap_or_else(|| panic!("no status line in {shown:?}")).to_owned();
        let (version, status, reason) = (word(), word(), word());
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
            (name.to_owned(), value.to_owned())
        };
        let answer = Answer {
            version,
            status: status.parse().expect("a status is a number"),
            reason,
            headers: lines.map(header).collect(),
            body: bytes[end + 4..].to_vec(),
        };
        let want = if is_head { 0 } else { answer.content_length() };
        assert_eq!(answer.body.len(), want, "the length of the body in {shown:?}");
        answer
    }

    /// The names in the order in which they were written.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The value of a header; `None` if there is none. Twice is a defect.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "`{name}` twice: {:?}", self.headers);
        value
    }

    pub(crate) fn content_length(&self) -> usize {
        let length = self.header("content-length").unwrap_or_else(|| panic!("no length: {self:?}"));
        length.parse().expect("a length is a number")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the body is text")
    }

    /// The value of a key of a flat JSON body.
    pub(crate) fn json(&self, key: &str) -> String {
        let document: serde_json::Value = serde_json::from_slice(&self.body).expect("the body is JSON");
        let value = document.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_else(|| panic!("no text `{key}` in the document")).to_owned()
    }
}
