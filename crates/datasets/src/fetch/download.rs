//! One file from the first mirror that serves it whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use ureq::{
    Agent, Body,
    http::{HeaderName, Response, StatusCode, header},
};

use super::{RemoteFile, with_suffix};
use crate::{DatasetError, MirrorFailure, load::read_verified};

/// How often in a row one mirror is asked for a file of which nothing more arrives.
const TRIES: u32 = 3;

/// How long to wait before a mirror is asked again, unless it says so itself; after each time that nothing arrives, twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest that is waited for a mirror: another one may be faster.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often is looked whether the fetch was cancelled.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a server may stay silent. A slow download goes on as long as anything arrives.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// How much larger than its contents a gzip file may be: it adds its header, and 5 bytes for each block that it cannot
/// compress.
const GZIP_OVERHEAD: u64 = 64 * 1024;

/// Called with the bytes on disk and, where known, the bytes in all.
pub(super) type Report<'a> = dyn FnMut(u64, Option<u64>) + 'a;

/// The client for all requests.
pub(super) fn agent() -> Agent {
    Agent::config_builder()
        .user_agent(concat!("latent-lens/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(READ_TIMEOUT))
        .timeout_per_read(Some(READ_TIMEOUT))
        .http_status_as_error(false)
        .build()
        .new_agent()
}

/// A file on its way into a folder.
pub(super) struct Download<'a> {
    file: &'a RemoteFile,
    target: PathBuf,
    part: PathBuf,
    agent: &'a Agent,
    cancel: &'a AtomicBool,
}

/// Why one request did not bring the file.
enum Failure {
    /// Asking the same mirror again may help, after a while that it may have named.
    Retry {
        reason: String,
        wait: Option<Duration>,
    },
    /// This mirror does not have it.
    Mirror(String),
    /// No mirror can help.
    Final(DatasetError),
}

impl Failure {
    fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            reason: reason.into(),
            wait: None,
        }
    }
}

impl<'a> Download<'a> {
    pub(super) fn new(
        file: &'a RemoteFile,
        dir: &Path,
        agent: &'a Agent,
        cancel: &'a AtomicBool,
    ) -> Self {
        let target = dir.join(format!("{}.gz", file.name));
        Self {
            file,
            part: with_suffix(&target, ".part"),
            target,
            agent,
            cancel,
        }
    }

    /// Where the file is after a success.
    pub(super) fn target(&self) -> PathBuf {
        self.target.clone()
    }

    /// Downloads the file and returns the address that it came from.
    pub(super) fn try_mirrors(
        &self,
        mirrors: &[String],
        report: &mut Report<'_>,
    ) -> Result<String, DatasetError> {
        let mut attempts = Vec::new();
        for mirror in mirrors {
            let url = format!("{}/{}.gz", mirror.trim_end_matches('/'), self.file.name);
            match self.try_url(&url, report) {
                Ok(()) => return Ok(url),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Retry { reason, .. } | Failure::Mirror(reason)) => {
                    attempts.push(MirrorFailure { url, reason });
                }
            }
        }
        Err(DatasetError::Download {
            file: self.file.name.clone(),
            attempts,
        })
    }

    /// Asks one mirror until it has given the file, or has given nothing more so many times in a row.
    fn try_url(&self, url: &str, report: &mut Report<'_>) -> Result<(), Failure> {
        let (mut tries, mut most) = (0, self.have());
        loop {
            let outcome = self.request(url, report);
            let Err(Failure::Retry { reason, wait }) = outcome else {
                return outcome;
            };
            // What has arrived is worth another round of tries.
            tries = if self.have() > most { 0 } else { tries + 1 };
            most = most.max(self.have());
            if tries >= TRIES {
                return Err(Failure::Mirror(reason));
            }
            self.rest(wait.unwrap_or(FIRST_WAIT * 2_u32.pow(tries)))?;
        }
    }

    /// The bytes that have arrived so far.
    fn have(&self) -> u64 {
        fs::symlink_metadata(&self.part).map_or(0, |part| part.len())
    }

    /// Waits, unless the fetch is cancelled.
    fn rest(&self, wait: Duration) -> Result<(), Failure> {
        let end = Instant::now() + wait.min(LONGEST_WAIT);
        while Instant::now() < end {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Failure::Final(DatasetError::Cancelled));
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// Asks once for what is missing of the file.
    fn request(&self, url: &str, report: &mut Report<'_>) -> Result<(), Failure> {
        self.refuse_special()?;
        let have = self.have();
        let mut request = self.agent.get(url);
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let response = request.call().map_err(refused)?;
        let offset = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if range_start(&response) == Some(have) => have,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                self.discard()?;
                return Err(Failure::retry("the server cannot resume the download"));
            }
            status if is_passing(status) => {
                return Err(Failure::Retry {
                    reason: format!("HTTP status {status}"),
                    wait: number(&response, &header::RETRY_AFTER).map(Duration::from_secs),
                });
            }
            status => return Err(Failure::Mirror(format!("HTTP status {status}"))),
        };
        let total =
            number(&response, &header::CONTENT_LENGTH).map(|rest: u64| offset.saturating_add(rest));
        if total.is_some_and(|total| total > self.limit()) {
            return Err(Failure::Mirror(self.too_long()));
        }
        self.receive(response.into_body(), offset, total, report)?;
        self.accept(offset > 0)
    }

    /// Writes the body behind the first `offset` bytes of the part.
    fn receive(
        &self,
        body: Body,
        offset: u64,
        total: Option<u64>,
        report: &mut Report<'_>,
    ) -> Result<(), Failure> {
        let mut part = self.open_part(offset)?;
        let mut body = body.into_reader();
        let mut done = offset;
        let mut buffer = vec![0; 64 * 1024];
        report(done, total);
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Failure::Final(DatasetError::Cancelled));
            }
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::retry(broke_off(&error))),
            };
            done += count as u64;
            if done > self.limit() {
                self.discard()?;
                return Err(Failure::Mirror(self.too_long()));
            }
            part.write_all(&buffer[..count])
                .map_err(|error| self.unwritable(error))?;
            report(done, total);
        }
        part.sync_all().map_err(|error| self.unwritable(error))
    }

    /// Removes what lies in the part's place and is no file: through a link somebody else's file would be written, and a pipe waits for
    /// its reader.
    fn refuse_special(&self) -> Result<(), Failure> {
        match fs::symlink_metadata(&self.part) {
            Ok(there) if !there.is_file() => self.discard(),
            _ => Ok(()),
        }
    }

    fn open_part(&self, offset: u64) -> Result<File, Failure> {
        let mut options = OpenOptions::new();
        options.create(true).write(true);
        if offset == 0 {
            options.truncate(true);
        } else {
            options.append(true);
        }
        options
            .open(&self.part)
            .map_err(|error| self.unwritable(error))
    }

    /// Gives the part its final name if its contents are right, else removes it.
    fn accept(&self, resumed: bool) -> Result<(), Failure> {
        let Err(error) = read_verified(&self.part, self.file.bytes, &self.file.sha256) else {
            return files::rename(&self.part, &self.target).map_err(|error| self.unwritable(error));
        };
        self.discard()?;
        let reason = match error {
            DatasetError::Checksum { actual, .. } => {
                format!(
                    "wrong contents: SHA-256 {actual} instead of {}",
                    self.file.sha256
                )
            }
            DatasetError::TooLarge { limit, .. } => {
                format!("wrong contents: more than {limit} bytes after decompression")
            }
            DatasetError::Idx { source, .. } => format!("damaged: {source}"),
            other => other.to_string(),
        };
        // The first half may stem from another mirror or an older file, so the whole may still be right.
        Err(if resumed {
            Failure::retry(reason)
        } else {
            Failure::Mirror(reason)
        })
    }

    fn discard(&self) -> Result<(), Failure> {
        match fs::remove_file(&self.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.unwritable(error)),
            _ => Ok(()),
        }
    }

    /// The most bytes that the compressed file may have.
    fn limit(&self) -> u64 {
        self.file.bytes as u64 + GZIP_OVERHEAD
    }

    fn too_long(&self) -> String {
        format!(
            "it serves more than the {} bytes that the file can have",
            self.limit()
        )
    }

    fn unwritable(&self, source: io::Error) -> Failure {
        Failure::Final(DatasetError::Write {
            path: self.part.clone(),
            source,
        })
    }
}

/// Whether a status may be another one soon: too many requests, or a server that is starting or overloaded.
fn is_passing(status: StatusCode) -> bool {
    [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ]
    .contains(&status)
}

/// A request that got no answer. A connection that was cut on the way may hold the next time; an address that nobody serves will not.
fn refused(error: ureq::Error) -> Failure {
    let reason = error.to_string();
    match error {
        ureq::Error::Io(error)
            if [
                io::ErrorKind::ConnectionReset,
                io::ErrorKind::ConnectionAborted,
                io::ErrorKind::BrokenPipe,
                io::ErrorKind::UnexpectedEof,
            ]
            .contains(&error.kind()) =>
        {
            Failure::retry(reason)
        }
        ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed | ureq::Error::Protocol(_) => {
            Failure::retry(reason)
        }
        _ => Failure::Mirror(reason),
    }
}

fn broke_off(error: &io::Error) -> String {
    format!("the connection broke off: {error}")
}

fn number(response: &Response<Body>, name: &HeaderName) -> Option<u64> {
    response.headers().get(name)?.to_str().ok()?.parse().ok()
}

/// The first byte's position from a header such as `Content-Range: bytes 100-199/200`.
fn range_start(response: &Response<Body>) -> Option<u64> {
    let range = response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?;
    range
        .strip_prefix("bytes ")?
        .split('-')
        .next()?
        .parse()
        .ok()
}
