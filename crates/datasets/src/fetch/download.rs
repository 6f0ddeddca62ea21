//! One file from the first mirror that serves it whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use ureq::{
    Agent, Body,
    http::{HeaderName, Response, StatusCode, header},
};

use super::{RemoteFile, with_suffix};
use crate::{DatasetError, MirrorFailure, load::read_verified};

/// How often one mirror is asked for a file whose download breaks off on the way.
const TRIES: usize = 3;

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
    /// Asking the same mirror again may help.
    Retry(String),
    /// This mirror does not have it.
    Mirror(String),
    /// No mirror can help.
    Final(DatasetError),
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
                Err(Failure::Retry(reason) | Failure::Mirror(reason)) => {
                    attempts.push(MirrorFailure { url, reason });
                }
            }
        }
        Err(DatasetError::Download {
            file: self.file.name.clone(),
            attempts,
        })
    }

    fn try_url(&self, url: &str, report: &mut Report<'_>) -> Result<(), Failure> {
        let mut outcome = self.request(url, report);
        for _ in 1..TRIES {
            if !matches!(outcome, Err(Failure::Retry(_))) {
                break;
            }
            outcome = self.request(url, report);
        }
        outcome
    }

    /// Asks once for what is missing of the file.
    fn request(&self, url: &str, report: &mut Report<'_>) -> Result<(), Failure> {
        let have = fs::metadata(&self.part).map_or(0, |part| part.len());
        let mut request = self.agent.get(url);
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let response = request
            .call()
            .map_err(|error| Failure::Mirror(error.to_string()))?;
        let offset = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if range_start(&response) == Some(have) => have,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                self.discard()?;
                return Err(Failure::Retry(
                    "the server cannot resume the download".to_owned(),
                ));
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
                Err(error) if done > offset => return Err(Failure::Retry(broke_off(&error))),
                Err(error) => return Err(Failure::Mirror(broke_off(&error))),
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
            Failure::Retry(reason)
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
