// npm run bench:frames [-- ROUNDS]: whether the screen stays quick while both models run as fast as they can. The aim: no
// task of the screen's thread takes more than 50 ms, where nothing else runs on the machine.
import { runBenchmark, serveMeasured } from './measured-page.mjs'

/** @typedef {{ longest: number, long: number, frames: number, milliseconds: number }} Run */

const fragment = 'view=compare&pace=0&tokens=300'

/** Runs once, waits until V8 has compiled what that used, and measures the next run, in the page. */
const script = `
  const button = (name) => [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === name)
  const frame = () => new Promise(requestAnimationFrame)
  const ready = async (name) => {
    while (!button(name) || button(name).disabled) await frame()
    return button(name)
  }
  const measure = async () => {
    ;(await ready('Run')).click()
    const again = await ready('Run again')
    await new Promise((later) => setTimeout(later, 3000))
    const tasks = []
    const note = (list) => tasks.push(...list.getEntries().map(({ duration }) => duration))
    const observer = new PerformanceObserver(note)
    observer.observe({ type: 'longtask' })
    const begun = performance.now()
    again.click()
    await ready('Pause')
    let frames = 0
    for (; !button('Run again'); frames++) await frame()
    const milliseconds = performance.now() - begun
    note({ getEntries: () => observer.takeRecords() })
    found({ longest: Math.max(0, ...tasks), long: tasks.length, frames, milliseconds })
  }
  measure()
`

await runBenchmark({ name: 'bench:frames', rounds: 3, what: 'runs', run })

/** @param {number} rounds */
async function run(rounds) {
  /** @type {Awaited<ReturnType<typeof serveMeasured<Run>>>} */
  const page = await serveMeasured({ fragment, script })
  try {
    console.log('run   longest task   tasks over 50 ms   frames/s')
    for (let round = 1; round <= rounds; round++) {
      const { longest, long, frames, milliseconds } = await page.open()
      const figures = [
        longest > 0 ? `${longest.toFixed(0)} ms` : '< 50 ms',
        long,
        ((frames / milliseconds) * 1000).toFixed(0)
      ]
      console.log(String(round).padEnd(3), ...figures.map((each, i) => String(each).padStart([14, 18, 10][i] ?? 0)))
    }
  } finally {
    page.close()
  }
}
