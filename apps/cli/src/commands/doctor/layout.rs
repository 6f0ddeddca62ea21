//! The findings as text for people and as JSON for scripts.

use std::time::Duration;

use serde_json::{Value, json};
use studio::{Parity, Timings};

use super::{
    Findings, GpuCheck, ModelCheck, TIMED,
    machine::{cpu_features, cpu_text, locked_version, threads, versions_text},
};
use crate::{
    device::{self, Adapter},
    model::parity_text,
    table::{Align, Table},
};

/// For people.
pub fn text(findings: &Findings) -> String {
    let mut lines = vec![
        format!(
            "latent-lens {}, {}",
            env!("CARGO_PKG_VERSION"),
            versions_text()
        ),
        format!(
            "{} {}, {}",
            std::env::consts::OS,
            std::env::consts::ARCH,
            cpu_text()
        ),
        String::new(),
        "Graphics adapters".to_owned(),
        adapter_table(&findings.adapters),
        format!(
            "--device auto takes: {}, because {}",
            findings.auto.label, findings.auto.reason
        ),
        String::new(),
        "Models inside this program, on the CPU".to_owned(),
    ];
    lines.extend(findings.models.iter().map(model_text));
    match &findings.gpu {
        None => {}
        Some(Err(error)) => lines.push(format!("\nGraphics check failed: {error}")),
        Some(Ok(check)) => lines.extend(gpu_text(check)),
    }
    lines.join("\n")
}

fn gpu_text(check: &GpuCheck) -> Vec<String> {
    let verdict = if check.parity.holds() {
        "agrees"
    } else {
        "does NOT agree"
    };
    let winner = if check.wins() {
        "this adapter"
    } else {
        "the CPU"
    };
    vec![
        format!(
            "\nGraphics check: {} {verdict} with the CPU; {}",
            check.label,
            parity_text(&check.parity)
        ),
        format!(
            "  a frame copied to the host takes {}",
            timings_text(&check.frame)
        ),
        format!("  a frame on the CPU takes {}", timings_text(&check.cpu)),
        format!(
            "  a frame whose pictures stay on the adapter, as the window draws it, takes {:.2} ms: {winner} is better for it",
            milliseconds(check.live)
        ),
    ]
}

fn timings_text(timings: &Timings) -> String {
    format!(
        "{:.2} ms (decode {:.2}, classify {:.2}, explain {:.2})",
        milliseconds(timings.total()),
        milliseconds(timings.decode),
        milliseconds(timings.classify),
        milliseconds(timings.explain),
    )
}

fn adapter_table(adapters: &[Adapter]) -> String {
    if adapters.is_empty() {
        return "  none found".to_owned();
    }
    let mut table = Table::new(
        [
            "  name",
            "type",
            "backend",
            "driver",
            "largest buffer",
            "workgroup",
            "--device auto",
        ]
        .map(|heading| (heading, Align::Left)),
    );
    for Adapter {
        info: adapter,
        limits,
    } in adapters
    {
        table.row([
            format!("  {}", adapter.name),
            format!("{:?}", adapter.device_type),
            adapter.backend.to_string(),
            format!("{} {}", adapter.driver, adapter.driver_info)
                .trim()
                .to_owned(),
            format!("{} MiB", limits.max_buffer_size >> 20),
            format!("{} threads", limits.max_compute_invocations_per_workgroup),
            if device::is_trusted(adapter) {
                "may use it"
            } else {
                "passes over it"
            }
            .to_owned(),
        ]);
    }
    table.render()
}

fn model_text(check: &ModelCheck) -> String {
    let title = check.model.title();
    match &check.result {
        Err(error) => format!("  {title}: {error}"),
        Ok(opened) => format!(
            "  {title}: opens in {:.0} ms; a frame takes {}",
            milliseconds(opened.open),
            timings_text(&opened.frame),
        ),
    }
}

/// For scripts.
pub fn to_json(findings: &Findings) -> Value {
    let adapters = findings.adapters.iter().map(|Adapter { info: adapter, limits }| {
        json!({
            "name": adapter.name,
            "type": format!("{:?}", adapter.device_type),
            "backend": adapter.backend.to_string(),
            "driver": adapter.driver,
            "driver_info": adapter.driver_info,
            "auto_may_use": device::is_trusted(adapter),
            "limits": {
                "max_buffer_size": limits.max_buffer_size,
                "max_storage_buffer_binding_size": limits.max_storage_buffer_binding_size,
                "max_compute_workgroup_storage_size": limits.max_compute_workgroup_storage_size,
                "max_compute_invocations_per_workgroup": limits.max_compute_invocations_per_workgroup,
                "max_storage_buffers_per_shader_stage": limits.max_storage_buffers_per_shader_stage,
            },
        })
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "burn": locked_version("burn"),
        "wgpu": locked_version("wgpu"),
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
        "threads": threads(),
        "cpu_features": cpu_features(),
        "adapters": adapters.collect::<Vec<_>>(),
        "auto": {
            "device": findings.auto.label,
            "is_gpu": findings.auto.is_gpu,
            "reason": findings.auto.reason,
        },
        "models": findings.models.iter().map(model_json).collect::<Vec<_>>(),
        "gpu_check": findings.gpu.as_ref().map(gpu_json),
    })
}

fn model_json(check: &ModelCheck) -> Value {
    let name = check.model.name();
    match &check.result {
        Err(error) => json!({ "model": name, "opens": false, "error": error }),
        Ok(opened) => json!({
            "model": name,
            "opens": true,
            "model_sha256": opened.model_sha256,
            "open_ms": milliseconds(opened.open),
            "frame_ms": frame_json(&opened.frame),
        }),
    }
}

/// Medians over [`TIMED`] frames, in milliseconds.
fn frame_json(timings: &Timings) -> Value {
    json!({
        "decode": milliseconds(timings.decode),
        "classify": milliseconds(timings.classify),
        "explain": milliseconds(timings.explain),
        "total": milliseconds(timings.total()),
        "n": TIMED,
    })
}

fn gpu_json(check: &Result<GpuCheck, String>) -> Value {
    match check {
        Err(error) => json!({ "agrees": false, "error": error }),
        Ok(check) => json!({
            "device": check.label,
            "agrees": check.parity.holds(),
            "difference": check.parity,
            "allowed": Parity::TOLERANCE,
            "frame_ms": frame_json(&check.frame),
            "live_frame_ms": { "total": milliseconds(check.live), "n": TIMED },
            "cpu_frame_ms": frame_json(&check.cpu),
            "window_should_use_it": check.wins(),
        }),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
