/** Starts Chromium without a display, keeps it from calling home and from asking anything, and lets it scroll at once. */
export const quietArguments = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-smooth-scrolling'
]

/**
 * Of the engine's program V8 compiles what runs, once and quickly, and optimises only what runs very often: else it
 * spends more on optimising, in every browser anew, than a short test on running. What is compiled is kept.
 */
const compiledQuickly = '--js-flags=--wasm-tiering-budget=1000000000 --no-flush-liftoff-code'

/**
 * Options of the tests' Chromium: WebGPU computed in software by SwiftShader, whose results are right and whose times
 * mean nothing. MOESCOPE_CHROMIUM names the program (npm test finds one); without it Playwright's own is used.
 */
export const chromiumOptions = {
  ...(process.env.MOESCOPE_CHROMIUM === undefined ? {} : { executablePath: process.env.MOESCOPE_CHROMIUM }),
  // Playwright's own headless mode is another, lesser browser: a flag asks for the whole one.
  headless: false,
  args: [
    ...quietArguments,
    compiledQuickly,
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan'
  ]
}
