//! A tiny HTTP server on loopback that misbehaves on request.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// How the server answers.
#[derive(Clone, Default)]
pub struct Behaviour {
    /// Obeys a `Range` header; otherwise it always sends everything.
    pub ranges: bool,
    /// Closes the first connections after this many bytes of the body, one entry a request.
    pub cuts: Vec<usize>,
    /// Answers with this status and no body.
    pub status: Option<&'static str>,
    /// Answers the first connections with these statuses and no body; nothing where a status is empty, and the connection is closed.
    pub first: Vec<&'static str>,
    /// Leaves out `Content-Length`.
    pub silent_length: bool,
}

/// A server with one body for every path.
pub struct Server {
    /// The address of the folder that it serves.
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(body: &[u8], behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, body) = (Arc::clone(&requests), body.to_vec());
        // The thread ends with the test process.
        thread::spawn(move || {
            for (count, stream) in listener.incoming().flatten().enumerate() {
                // A client that hangs up early is part of the tests.
                let _ = answer(
                    stream,
                    &body,
                    &behaviour,
                    (behaviour.cuts.get(count), behaviour.first.get(count)),
                    &log,
                );
            }
        });
        Self { url, requests }
    }

    /// Each request so far: its path and its `Range` header, if it had one.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// The address of a server that is not there.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn answer(
    mut stream: TcpStream,
    body: &[u8],
    behaviour: &Behaviour,
    (cut, first): (Option<&usize>, Option<&&'static str>),
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut start = None;
    let mut path = String::new();
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("GET ") {
            rest.split(' ').next().unwrap().clone_into(&mut path);
        }
        if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
            start = range.trim_end_matches('-').parse::<usize>().ok();
        }
    }
    let range = start.map_or(String::new(), |start| format!(" from {start}"));
    log.lock().unwrap().push(format!("{path}{range}"));

    if first.is_some_and(|status| status.is_empty()) {
        return Ok(());
    }
    if let Some(status) = first.copied().or(behaviour.status) {
        return write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    let start = start.filter(|_| behaviour.ranges);
    if start.is_some_and(|start| start >= body.len()) {
        let head = "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close";
        return write!(stream, "{head}\r\n\r\n");
    }
    let rest = &body[start.unwrap_or(0)..];
    let head = match start {
        Some(start) => format!(
            "206 Partial Content\r\nContent-Range: bytes {start}-{}/{}",
            body.len() - 1,
            body.len()
        ),
        None => "200 OK".to_owned(),
    };
    write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n")?;
    if !behaviour.silent_length {
        write!(stream, "Content-Length: {}\r\n", rest.len())?;
    }
    write!(stream, "\r\n")?;
    stream.write_all(&rest[..cut.map_or(rest.len(), |cut| (*cut).min(rest.len()))])
}
