// Plays one URL in one player and keeps a record of everything that a viewer would notice.
// The page is told what to do by its query: ?player=hlsjs|shaka|videojs|native&url=...&rate=1
// With &switching every player but the native one holds little and is made to change the rendition every half second.
"use strict";

const query = new URLSearchParams(location.search);
const video = document.getElementById("video");
const record = {
  ended: false, errors: [], waiting: 0, seeks: [], backwards: 0, started: false,
  frames: [], ranges: {}, gaps: [], widths: [], cues: 0, duration: 0,
};
window.record = record;

const buffers = [];
for (const Source of [window.MediaSource, window.ManagedMediaSource].filter(Boolean)) {
  const add = Source.prototype.addSourceBuffer;
  Source.prototype.addSourceBuffer = function (type) {
    const buffer = add.call(this, type);
    buffers.push([type, buffer]);
    return buffer;
  };
}

const spans = (ranges) => Array.from({ length: ranges.length }, (_, i) => [ranges.start(i), ranges.end(i)]);

function look() {
  for (const [type, buffer] of buffers) {
    try {
      record.ranges[type.split("/")[0]] = spans(buffer.buffered);
    } catch { /* The buffer was taken off its source: what was recorded last stands. */ }
  }
  if (!buffers.length) record.ranges.element = spans(video.buffered);
}

const board = document.getElementById("board").getContext("2d", { willReadFrequently: true });
function readFrame(_, meta) {
  board.drawImage(video, 0, 0, 640, 360);
  let scene = 0, frame = 0;
  for (let bit = 0; bit < 24; bit++) {
    const x = Math.floor((2 * (bit % 6) + 1) * 640 / 12), y = Math.floor((2 * Math.floor(bit / 6) + 1) * 360 / 8);
    const on = board.getImageData(x, y, 1, 1).data[0] > 128;
    if (on && bit < 14) frame |= 1 << bit;
    if (on && bit >= 14) scene |= 1 << (bit - 14);
  }
  record.frames.push([meta.mediaTime, scene, frame]);
  video.requestVideoFrameCallback(readFrame);
}
if (query.has("barcode")) video.requestVideoFrameCallback(readFrame);

let last = 0;
video.addEventListener("playing", () => { record.started = true; });
video.addEventListener("waiting", () => { if (record.started && !video.ended) record.waiting++; });
video.addEventListener("seeking", () => { if (record.started) record.seeks.push([last, video.currentTime]); });
video.addEventListener("timeupdate", () => {
  if (video.currentTime < last) record.backwards++;
  last = video.currentTime;
  look();
});
video.addEventListener("error", () => record.errors.push(`media element: ${video.error && video.error.message}`));
video.addEventListener("ended", () => { look(); record.duration = video.duration; record.ended = true; });
video.textTracks.addEventListener("addtrack", ({ track }) => {
  if (query.has("captions")) track.mode = "showing";
});

video.addEventListener("resize", () => record.widths.push(video.videoWidth));

const switching = query.has("switching");
function alternate(choose) {
  let turn = 0;
  if (switching) setInterval(() => { if (!video.ended) choose(turn++ % 2); }, 500);
}

const load = (src) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = src;
  script.onload = resolve;
  script.onerror = () => reject(new Error(`cannot load ${src}`));
  document.head.append(script);
});

const players = {
  async hlsjs(url) {
    await load("/lib/hls.js/dist/hls.min.js");
    const hls = new Hls({ enableWorker: true, ...(switching && { maxBufferLength: 1, maxMaxBufferLength: 2 }) });
    alternate((rung) => { hls.loadLevel = rung; });
    hls.on(Hls.Events.ERROR, (_, data) => record.errors.push(`${data.type} ${data.details} fatal=${data.fatal}`));
    hls.loadSource(url);
    hls.attachMedia(video);
  },
  async shaka(url) {
    await load("/lib/shaka-player/dist/shaka-player.compiled.js");
    shaka.polyfill.installAll();
    const player = new shaka.Player();
    await player.attach(video);
    player.addEventListener("error", ({ detail }) => record.errors.push(`shaka ${detail.code}`));
    player.addEventListener("gapjumped", () => record.gaps.push(video.currentTime));
    // Where pictures come late it would seek by itself, which says something about the machine and nothing of the video.
    player.configure({ streaming: { stallEnabled: false } });
    if (switching) {
      player.configure({ abr: { enabled: false }, streaming: { bufferingGoal: 2, rebufferingGoal: 0.5 } });
    }
    await player.load(url);
    const byHeight = (one, other) => one.height - other.height;
    alternate((rung) => player.selectVariantTrack(player.getVariantTracks().sort(byHeight)[rung], false));
  },
  async videojs(url) {
    await load("/lib/video.js/dist/video.min.js");
    if (switching) videojs.Vhs.GOAL_BUFFER_LENGTH = videojs.Vhs.MAX_GOAL_BUFFER_LENGTH = 2;
    const player = videojs(video, { html5: { vhs: { overrideNative: true } } });
    player.on("error", () => record.errors.push(`video.js ${player.error().code}`));
    player.src({ src: url, type: "application/vnd.apple.mpegurl" });
    await new Promise((resolve) => player.ready(resolve));
    alternate((rung) => {
      const vhs = player.tech({ IWillNotUseThisInPlugins: true }).vhs;
      const rungs = vhs && vhs.representations ? vhs.representations().sort((a, b) => a.height - b.height) : [];
      rungs.forEach((one, at) => one.enabled(at === rung));
    });
  },
  async native(url) {
    video.src = url;
  },
};

players[query.get("player")](query.get("url")).then(() => {
  video.playbackRate = Number(query.get("rate") || 1);
  return video.play();
}).catch((error) => record.errors.push(String(error)));
