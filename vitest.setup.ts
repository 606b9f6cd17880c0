/**
 * Runs before every file of tests in Node, all of which share one world: ONNX Runtime's WASM program leaves Node's own
 * Worker there, and the app, which expects a browser's or none, would start its scripts in it.
 */
Reflect.deleteProperty(globalThis, 'Worker')
