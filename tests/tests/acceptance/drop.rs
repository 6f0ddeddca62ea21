//! Another program from which a file is dragged onto the window: the source's side of XDND, version 5
//! (<https://www.freedesktop.org/wiki/Specifications/XDND/>). `xdotool` moves the pointer and presses keys, but offers no file.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::window::PATIENCE;

/// The version of the protocol.
const VERSION: u32 = 5;

/// A program that offers a file.
struct Source {
    connection: RustConnection,
    window: Window,
    target: Window,
    /// What is offered, as the target will ask for it.
    uri: String,
}

/// Drops a file onto a window of a display, and waits until the window has taken it.
pub fn drop_file(display: &str, target: Window, file: &Path) {
    let source = Source::new(display, target, file);
    let uri_list = source.atom("text/uri-list");
    source.send("XdndEnter", [VERSION << 24, uri_list, 0, 0]);
    source.send(
        "XdndPosition",
        [0, 0, x11rb::CURRENT_TIME, source.atom("XdndActionCopy")],
    );
    source.until("the window asks what the file is", |event| match event {
        Event::SelectionRequest(request) => {
            source.answer(request);
            true
        }
        _ => false,
    });
    source.send("XdndDrop", [0, x11rb::CURRENT_TIME, 0, 0]);
    let finished = source.atom("XdndFinished");
    source.until("the window has taken the file", |event| match event {
        Event::SelectionRequest(request) => {
            source.answer(request);
            false
        }
        Event::ClientMessage(message) => message.type_ == finished,
        _ => false,
    });
}

impl Source {
    fn new(display: &str, target: Window, file: &Path) -> Self {
        let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
        let window = connection.generate_id().expect("a number");
        let root = connection.setup().roots[screen].root;
        let (no_depth, input_only) = (x11rb::COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_ONLY);
        let aux = CreateWindowAux::new();
        connection
            .create_window(no_depth, window, root, 0, 0, 1, 1, 0, input_only, 0, &aux)
            .expect("a window");
        let source = Self {
            connection,
            window,
            target,
            uri: format!("file://{}\r\n", file.display()),
        };
        let selection = source.atom("XdndSelection");
        let owner = source
            .connection
            .set_selection_owner(window, selection, x11rb::CURRENT_TIME);
        owner
            .expect("the selection")
            .check()
            .expect("nobody else drags");
        source
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.connection.intern_atom(false, name.as_bytes());
        asked.expect("a request").reply().expect("an atom").atom
    }

    /// Sends a message of the protocol, whose first number is always the source's window.
    fn send(&self, name: &str, rest: [u32; 4]) {
        let [a, b, c, d] = rest;
        let data = [self.window, a, b, c, d];
        let message = ClientMessageEvent::new(32, self.target, self.atom(name), data);
        self.connection
            .send_event(false, self.target, EventMask::NO_EVENT, message)
            .expect("a request");
        self.connection.flush().expect("the display answers");
    }

    /// Hands the file's address over to whom asks for it.
    fn answer(&self, request: &SelectionRequestEvent) {
        let (to, property) = (request.requestor, request.property);
        self.connection
            .change_property8(
                PropMode::REPLACE,
                to,
                property,
                request.target,
                self.uri.as_bytes(),
            )
            .expect("a request");
        let notify = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: to,
            selection: request.selection,
            target: request.target,
            property,
        };
        self.connection
            .send_event(false, to, EventMask::NO_EVENT, notify)
            .expect("a request");
        self.connection.flush().expect("the display answers");
    }

    fn until(&self, what: &str, mut done: impl FnMut(&Event) -> bool) {
        let start = Instant::now();
        loop {
            let event = self
                .connection
                .poll_for_event()
                .expect("the display answers");
            match event {
                Some(event) if done(&event) => return,
                Some(_) => {}
                None => sleep(Duration::from_millis(20)),
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        }
    }
}
