//! Text with delimiters, as programs write tables (RFC 4180): records of fields, of which some stand in quotation marks.
//!
//! Written out, because the crate for it turns on features with which all of Burn would be compiled again.

/// A record of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line that it begins in, from 1.
    pub line: u64,
    /// Its fields, without quotation marks and without space around them.
    pub fields: Vec<String>,
}

/// Takes a table apart whose lines end with `\n`. Empty lines are no records. A field may hold anything in quotation marks, line ends included; two
/// of the marks stand for one.
///
/// # Errors
///
/// The line in which a quotation mark is opened that nothing closes.
pub(super) fn records(text: &str, delimiter: char) -> Result<Vec<Record>, u64> {
    let mut records = Vec::new();
    let mut reader = Reader {
        letters: text.chars().peekable(),
        line: 1,
    };
    while reader.letters.peek().is_some() {
        let line = reader.line;
        let fields = reader.record(delimiter)?;
        if fields.iter().any(|field| !field.is_empty()) {
            records.push(Record { line, fields });
        }
    }
    Ok(records)
}

/// Where in a table it is read.
struct Reader<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    line: u64,
}

impl Reader<'_> {
    /// The fields up to the end of the line.
    fn record(&mut self, delimiter: char) -> Result<Vec<String>, u64> {
        let mut fields = Vec::new();
        loop {
            let (field, is_last) = self.field(delimiter)?;
            fields.push(field.trim().to_owned());
            if is_last {
                return Ok(fields);
            }
        }
    }

    /// A field, and whether it is the last of its record.
    fn field(&mut self, delimiter: char) -> Result<(String, bool), u64> {
        let mut field = String::new();
        while let Some(letter) = self.letters.next() {
            match letter {
                '\n' => {
                    self.line += 1;
                    return Ok((field, true));
                }
                _ if letter == delimiter => return Ok((field, false)),
                // Behind other letters it is one of them.
                '"' if field.trim().is_empty() => {
                    field.clear();
                    self.quoted(&mut field)?;
                }
                _ => field.push(letter),
            }
        }
        Ok((field, true))
    }

    /// What follows a quotation mark, up to the one that closes it.
    fn quoted(&mut self, field: &mut String) -> Result<(), u64> {
        let opened = self.line;
        while let Some(letter) = self.letters.next() {
            match letter {
                '"' if self.letters.peek() == Some(&'"') => {
                    self.letters.next();
                    field.push('"');
                }
                '"' => return Ok(()),
                _ => {
                    self.line += u64::from(letter == '\n');
                    field.push(letter);
                }
            }
        }
        Err(opened)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Record, records};

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_told_with_its_line() {
        assert_eq!(records("a,b\n\"c\nd\",\"e\n", ','), Err(3));
    }

    proptest! {
        /// Whatever fields hold, they come back as they were written, and each record with its line.
        #[test]
        fn what_was_written_is_read(
            rows in prop::collection::vec(prop::collection::vec("[a\",\n ;]{0,6}x", 1..4), 0..5)
        ) {
            let (mut text, mut expected, mut line) = (String::new(), Vec::new(), 1);
            for fields in rows {
                let quoted = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
                let record = quoted.collect::<Vec<_>>().join(";") + "\n";
                let fields = fields.iter().map(|field| field.trim().to_owned()).collect();
                expected.push(Record { line, fields });
                line += record.matches('\n').count() as u64;
                text += &record;
            }
            prop_assert_eq!(records(&text, ';'), Ok(expected));
        }
    }
}
