//! Which display the window opens on, and what to say where there is none.
//!
//! winit takes Wayland wherever a variable names it, and gives up if nobody answers there: a variable that outlived its session hides a
//! display that works. It cannot be asked twice, so whether anybody answers is found out before.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What the environment says about displays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `WAYLAND_DISPLAY`: a socket's name or path.
    pub wayland: Option<OsString>,
    /// `XDG_RUNTIME_DIR`, where such sockets are.
    pub runtime: Option<OsString>,
    /// `DISPLAY`: an X server.
    pub x11: Option<OsString>,
    /// `HOME`, where the key to an X server lies.
    pub home: Option<OsString>,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            wayland: set("WAYLAND_DISPLAY"),
            runtime: set("XDG_RUNTIME_DIR"),
            x11: set("DISPLAY"),
            home: set("HOME"),
        }
    }

    /// Whether to ask the X server and nobody else: Wayland is named, nobody `answers` there, and there is an X server.
    #[must_use]
    pub fn is_x11_alone(&self, answers: impl FnOnce(&Path) -> bool) -> bool {
        let wayland = self.wayland_socket();
        self.x11.is_some() && wayland.is_some_and(|socket| !answers(&socket))
    }

    fn wayland_socket(&self) -> Option<PathBuf> {
        let runtime = self.runtime.as_deref().unwrap_or_default();
        let name = self.wayland.as_deref()?;
        Some(Path::new(runtime).join(name))
    }

    /// What to say when no display could be opened, for this reason.
    #[must_use]
    pub fn no_display(&self, reason: &str) -> String {
        let mut tried = Vec::new();
        for (name, value) in [("WAYLAND_DISPLAY", &self.wayland), ("DISPLAY", &self.x11)] {
            if let Some(value) = value {
                tried.push(format!("{name} is {}", value.display()));
            }
        }
        let tried = if tried.is_empty() {
            "neither WAYLAND_DISPLAY nor DISPLAY names one".to_owned()
        } else {
            format!("{}, and nothing opens there: {reason}", tried.join(" and "))
        };
        let home = self.home.as_deref().map(Path::new);
        let home = home.filter(|home| !home.is_absolute());
        let home = home.map_or_else(String::new, |home| {
            let home = home.display();
            format!(
                "; HOME is {home}, which is no absolute path, so the key to the display may not be found"
            )
        });
        format!(
            "there is no display to open a window on ({tried}{home}): start it in a desktop session or under a virtual display (on \
             Debian: xvfb-run), or use the command line tool, latent-lens, which needs none"
        )
    }
}

/// Whether somebody answers at a socket.
#[cfg(unix)]
#[must_use]
pub fn answers(socket: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(socket).is_ok()
}

#[cfg(test)]
mod tests {
    use super::Environment;

    fn environment(wayland: Option<&str>, x11: Option<&str>) -> Environment {
        Environment {
            wayland: wayland.map(Into::into),
            runtime: Some("/run/user/1000".into()),
            x11: x11.map(Into::into),
            home: Some("/home/a".into()),
        }
    }

    #[test]
    fn a_wayland_that_does_not_answer_gives_way_to_a_display_that_may() {
        let both = environment(Some("wayland-9"), Some(":0"));
        let mut asked = None;
        let stale = both.is_x11_alone(|socket| {
            asked = Some(socket.to_owned());
            false
        });
        assert!(stale);
        assert_eq!(asked, Some("/run/user/1000/wayland-9".into()));
        assert!(!both.is_x11_alone(|_| true));
        assert!(!environment(Some("wayland-9"), None).is_x11_alone(|_| false));
        assert!(!environment(None, Some(":0")).is_x11_alone(|_| false));
        let absolute = environment(Some("/tmp/socket"), Some(":0"));
        assert!(absolute.is_x11_alone(|socket| {
            assert_eq!(socket, std::path::Path::new("/tmp/socket"));
            false
        }));
    }

    #[test]
    fn the_message_names_the_variables() {
        let text = environment(Some("wayland-9"), None).no_display("refused");
        assert!(text.contains("WAYLAND_DISPLAY is wayland-9"), "{text}");
        assert!(text.contains("refused"), "{text}");
        let text = environment(None, None).no_display("refused");
        assert!(
            text.contains("neither WAYLAND_DISPLAY nor DISPLAY"),
            "{text}"
        );
        let relative = Environment {
            home: Some("home".into()),
            ..environment(None, Some(":0"))
        };
        let text = relative.no_display("refused");
        assert!(
            text.contains("DISPLAY is :0") && text.contains("HOME is home"),
            "{text}"
        );
    }
}
