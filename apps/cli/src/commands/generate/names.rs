//! Names of folders for classes: a class may be called `T-shirt/top`, a file may not.

use std::collections::BTreeSet;

/// The most bytes of a name: file systems take 255, and something may have to be added.
const MOST_BYTES: usize = 200;

/// What no file name may hold on one system or another.
const FORBIDDEN: &str = "<>:\"/\\|?*";

/// What Windows takes for a device, with any ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A folder's name for each class, near the class's own, usable on every file system and no two the same, also where small and
/// capital letters are not told apart. A class whose name can be used keeps it. `taken` is no folder's name.
pub fn folder_names(classes: &[String], taken: &str) -> Vec<String> {
    let mut used: BTreeSet<String> = [taken.to_lowercase()].into();
    let mut names = vec![String::new(); classes.len()];
    let (kept, changed): (Vec<usize>, Vec<usize>) =
        (0..classes.len()).partition(|&class| usable(&classes[class]) == classes[class]);
    for class in kept.into_iter().chain(changed) {
        let wanted = usable(&classes[class]);
        let numbered = (class..).map(|number| format!("{wanted}-{number}"));
        let mut candidates = std::iter::once(wanted.clone()).chain(numbered);
        let free = candidates.find(|name| used.insert(name.to_lowercase()));
        names[class] = free.unwrap_or(wanted);
    }
    names
}

/// The nearest name that every file system takes, and that readers of data sets do not pass over.
fn usable(name: &str) -> String {
    let plain = |c: char| {
        let forbidden = c.is_control() || FORBIDDEN.contains(c);
        if forbidden { '_' } else { c }
    };
    let mut usable = String::new();
    for c in name.chars().map(plain) {
        if usable.len() + c.len_utf8() > MOST_BYTES {
            break;
        }
        usable.push(c);
    }
    if usable.ends_with([' ', '.']) {
        usable.pop();
        usable.push('_');
    }
    let stem = usable.split('.').next().unwrap_or_default();
    let is_device = DEVICES.contains(&stem.trim_end().to_lowercase().as_str());
    if usable.is_empty() || usable.starts_with('.') || is_device {
        usable.insert(0, '_');
    }
    usable
}

#[cfg(test)]
mod tests {
    use super::folder_names;

    fn names(classes: &[&str]) -> Vec<String> {
        let classes: Vec<String> = classes.iter().map(|&class| class.to_owned()).collect();
        folder_names(&classes, "manifest.json")
    }

    #[test]
    fn a_name_that_can_be_used_stays() {
        let usable = [
            "0",
            "Ankle boot",
            "T-shirt",
            "größer",
            "ねこ",
            "a.b",
            "x & y",
        ];
        assert_eq!(names(&usable), usable);
    }

    #[test]
    fn what_a_file_system_refuses_is_replaced() {
        let odd = [
            "T-shirt/top",
            "..",
            ".hidden",
            "a:b?",
            "end. ",
            "nul",
            "COM1.x",
            "Manifest.json",
        ];
        let expected = [
            "T-shirt_top",
            "_._",
            "_.hidden",
            "a_b_",
            "end._",
            "_nul",
            "_COM1.x",
            "Manifest.json-7",
        ];
        assert_eq!(names(&odd), expected);
        let long = "é".repeat(200);
        // Two bytes a letter: a hundred letters are 200 bytes.
        assert_eq!(names(&[&long]), ["é".repeat(100)]);
    }

    #[test]
    fn no_two_classes_share_a_folder() {
        assert_eq!(names(&["a/b", "a_b", "a\\b"]), ["a_b-0", "a_b", "a_b-2"]);
        assert_eq!(names(&["Cat", "cat", "cat-1"]), ["Cat", "cat-1", "cat-1-2"]);
    }
}
