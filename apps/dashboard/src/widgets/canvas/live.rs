//! Painting a frame from the buffers that the models wrote, on the device that they share with the window.
//!
//! One draw of one triangle: the image with nearest sampling, the evidence smooth over it, as `picture` paints a
//! frame that is on the host. The picture never leaves the device.

use std::sync::OnceLock;

use burn::backend::Wgpu;
use burn::tensor::{DType, Tensor};
use cubecl::wgpu::{AutoCompiler, WgpuResource, WgpuServer};
use datasets::ImageShape;
use eframe::egui::{PaintCallbackInfo, Rect, Ui};
use eframe::egui_wgpu::{
    Callback, CallbackResources, CallbackTrait, RenderState, ScreenDescriptor,
};
use eframe::wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BindGroupLayout, BindGroupLayoutDescriptor,
    BindGroupLayoutEntry, BindingType, Buffer, BufferBindingType, BufferUsages, CommandBuffer,
    CommandEncoder, Device, FragmentState, MultisampleState, PipelineCompilationOptions,
    PipelineLayoutDescriptor, PrimitiveState, Queue, RenderPass, RenderPipeline,
    RenderPipelineDescriptor, ShaderModuleDescriptor, ShaderSource, ShaderStages, TextureFormat,
    VertexState,
    util::{BufferInitDescriptor, DeviceExt as _},
};
use explain::ColorMap;
use studio::{LiveFrame, LiveMap};

/// Entries of the table of colours, between which the shader interpolates.
const COLORS: usize = 256;

/// What to paint over a live image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveOverlay {
    /// The evidence.
    pub map: LiveMap,
    /// Its colours.
    pub color_map: ColorMap,
    /// Its largest share of a pixel, in 0..1.
    pub opacity: f32,
}

/// What takes note of a picture that cannot be painted, and why.
type Report = Box<dyn Fn(String) + Send + Sync>;

/// Makes the window's renderer ready to paint live frames. What goes wrong while it paints goes to `report`.
pub fn install(state: &RenderState, report: impl Fn(String) + Send + Sync + 'static) {
    let pass = Pass::new(&state.device, state.target_format, Box::new(report));
    state.renderer.write().callback_resources.insert(pass);
}

/// Paints a frame into `rect`. Nothing appears unless [`install`] was called on the window's renderer.
pub fn paint(ui: &Ui, rect: Rect, frame: &LiveFrame, overlay: Option<LiveOverlay>) {
    let picture = Picture {
        frame: frame.clone(),
        overlay,
        bound: OnceLock::new(),
    };
    ui.painter()
        .add(Callback::new_paint_callback(rect, picture));
}

/// One painting of one frame. It keeps the frame's buffers from being used for anything else until it was painted.
struct Picture {
    frame: LiveFrame,
    overlay: Option<LiveOverlay>,
    bound: OnceLock<BindGroup>,
}

impl CallbackTrait for Picture {
    fn prepare(
        &self,
        device: &Device,
        _queue: &Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<CommandBuffer> {
        if let Some(pass) = resources.get_mut::<Pass>() {
            match pass.bind(device, self) {
                // There is one call of this for each `Picture`.
                Ok(bound) => drop(self.bound.set(bound)),
                Err(reason) => (pass.report)(reason),
            }
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: PaintCallbackInfo,
        render_pass: &mut RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let (Some(pass), Some(bound)) = (resources.get::<Pass>(), self.bound.get()) {
            render_pass.set_pipeline(&pass.pipeline);
            render_pass.set_bind_group(0, bound, &[]);
            render_pass.draw(0..3, 0..1);
        }
    }
}

/// What all pictures share.
struct Pass {
    pipeline: RenderPipeline,
    layout: BindGroupLayout,
    /// Whether the target turns linear light into `sRGB`.
    linear: bool,
    /// The table of colours used last.
    colors: Option<(ColorMap, Buffer)>,
    report: Report,
}

impl Pass {
    fn new(device: &Device, target: TextureFormat, report: Report) -> Self {
        let label = Some("live canvas");
        let module = device.create_shader_module(ShaderModuleDescriptor {
            label,
            source: ShaderSource::Wgsl(include_str!("live.wgsl").into()),
        });
        let buffers = [
            BufferBindingType::Storage { read_only: true },
            BufferBindingType::Storage { read_only: true },
            BufferBindingType::Uniform,
            BufferBindingType::Uniform,
        ];
        let entries: Vec<_> = (0..).zip(buffers).map(entry).collect();
        let layout = device.create_bind_group_layout(&BindGroupLayoutDescriptor {
            label,
            entries: &entries,
        });
        let pipeline_layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&RenderPipelineDescriptor {
            label,
            layout: Some(&pipeline_layout),
            vertex: VertexState {
                module: &module,
                entry_point: Some("corner"),
                compilation_options: PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: PrimitiveState::default(),
            depth_stencil: None,
            multisample: MultisampleState::default(),
            fragment: Some(FragmentState {
                module: &module,
                entry_point: Some("shade"),
                compilation_options: PipelineCompilationOptions::default(),
                targets: &[Some(target.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self {
            pipeline,
            layout,
            linear: target.is_srgb(),
            colors: None,
            report,
        }
    }

    fn bind(&mut self, device: &Device, picture: &Picture) -> Result<BindGroup, String> {
        let image = buffer_of(picture.frame.image())?;
        // Without evidence no cell of a map is read, but something has to be bound.
        let maps = picture
            .frame
            .maps()
            .map_or_else(|| Ok(image.clone()), buffer_of)?;
        let shape = picture.frame.shape();
        let settings = uniform(device, &self.settings(shape, picture.overlay));
        let color_map = picture.overlay.map_or(ColorMap::Greys, |o| o.color_map);
        let known = self.colors.take().filter(|(map, _)| *map == color_map);
        let (_, colors) = self
            .colors
            .insert(known.unwrap_or_else(|| (color_map, uniform(device, &table(color_map)))));
        let resources = [
            image.as_wgpu_bind_resource(),
            maps.as_wgpu_bind_resource(),
            settings.as_entire_binding(),
            colors.as_entire_binding(),
        ];
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| BindGroupEntry { binding, resource })
            .collect();
        Ok(device.create_bind_group(&BindGroupDescriptor {
            label: Some("live canvas"),
            layout: &self.layout,
            entries: &entries,
        }))
    }

    /// The shader's `Settings`.
    fn settings(&self, shape: ImageShape, overlay: Option<LiveOverlay>) -> Vec<u8> {
        let (opacity, raw_max) = overlay.map_or((0.0, 0.0), |o| (o.opacity, o.map.raw_max));
        let (map, first) =
            overlay.map_or(([1, 1], 0), |o| ([o.map.height, o.map.width], o.map.first));
        let image = [shape.height(), shape.width()];
        // As `Heatmap::over_image` has it: a map with a cell a pixel covers the image, any other the square around it.
        let area = if map == image {
            image
        } else {
            [shape.square_side(); 2]
        };
        let offset = [(area[0] - image[0]) / 2, (area[1] - image[1]) / 2];
        let pairs = [image, map, area, offset].concat();
        let singles = [first, shape.channels(), usize::from(self.linear), 0, 0, 0];
        let whole = pairs.into_iter().chain(singles);
        [opacity, raw_max]
            .map(f32::to_bits)
            .into_iter()
            .chain(whole.map(|value| value as u32))
            .flat_map(u32::to_ne_bytes)
            .collect()
    }
}

fn entry((binding, ty): (u32, BufferBindingType)) -> BindGroupLayoutEntry {
    BindGroupLayoutEntry {
        binding,
        visibility: ShaderStages::FRAGMENT,
        ty: BindingType::Buffer {
            ty,
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    }
}

fn uniform(device: &Device, contents: &[u8]) -> Buffer {
    device.create_buffer_init(&BufferInitDescriptor {
        label: Some("live canvas"),
        contents,
        usage: BufferUsages::UNIFORM,
    })
}

/// The colours of a map at even steps, as four floats in 0..255 each.
fn table(map: ColorMap) -> Vec<u8> {
    let color = |index: usize| map.rgb(index as f32 / (COLORS - 1) as f32);
    (0..COLORS)
        .flat_map(|index| {
            let [r, g, b] = color(index).map(f32::from);
            [r, g, b, 255.0]
        })
        .flat_map(f32::to_ne_bytes)
        .collect()
}

/// Where Burn keeps a tensor's values.
fn buffer_of(tensor: &Tensor<1>) -> Result<WgpuResource, String> {
    let primitive = tensor
        .clone()
        .try_into_primitive::<Wgpu>()
        .map_err(|error| format!("the picture is not on the window's device: {error:?}"))?;
    if primitive.dtype != DType::F32 {
        return Err(format!("the picture is of {:?}", primitive.dtype));
    }
    let managed = primitive
        .client
        .get_resource::<WgpuServer<AutoCompiler>>(primitive.handle.clone())
        .map_err(|error| format!("the picture's buffer was refused: {error:?}"))?;
    Ok(managed.resource().clone())
}
