// npm run bench:start [-- ROUNDS]: how long the built app takes to open in a browser, from the page's first byte to the
// first text of both models. Once with an empty profile, then with what the browser has kept of the openings before.
import { runBenchmark, serveMeasured } from './measured-page.mjs'

/** @typedef {{ interactive: number, text: number }} Opening ms after the navigation began */

/** Clicks Run as soon as it is there, in the page. */
const script = `
  let interactive
  const look = () => {
    const run = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Run')
    if (interactive === undefined && run && !run.disabled) {
      interactive = performance.now()
      run.click()
    }
    if (!document.querySelector('[data-testid="text-1"] [data-position]')) return requestAnimationFrame(look)
    found({ interactive, text: performance.now() })
  }
  requestAnimationFrame(look)
`

await runBenchmark({ name: 'bench:start', rounds: 5, what: 'openings with a warm cache', run })

/** @param {number} rounds */
async function run(rounds) {
  const { median } = await import('d3')
  /** @type {Awaited<ReturnType<typeof serveMeasured<Opening>>>} */
  const page = await serveMeasured({ fragment: 'view=compare', script })
  try {
    console.log('cache   controls ready   first text   (seconds)')
    row('empty', await page.open())
    const warm = []
    for (let round = 0; round < rounds; round++) {
      const opening = await page.open()
      warm.push(opening)
      row('warm', opening)
    }
    row('median', {
      interactive: median(warm, ({ interactive }) => interactive) ?? 0,
      text: median(warm, ({ text }) => text) ?? 0
    })
  } finally {
    page.close()
  }
}

/**
 * @param {string} name
 * @param {Opening} opening
 */
function row(name, { interactive, text }) {
  const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(2)
  console.log(name.padEnd(6), seconds(interactive).padStart(16), seconds(text).padStart(12))
}
