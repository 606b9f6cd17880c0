/** Runs before every file of tests in Node, all of which share one world. */
import fc from 'fast-check'

// ONNX Runtime's WASM program leaves Node's own Worker there, and the app, which expects a browser's or none, would start
// its scripts in it.
Reflect.deleteProperty(globalThis, 'Worker')

// Properties are tried on the same values in every run, so that what fails is what was changed. MOESCOPE_SEED=7 tries
// others.
fc.configureGlobal({ seed: Number(process.env.MOESCOPE_SEED ?? 1) })
