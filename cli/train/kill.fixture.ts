/** The terminal face with a clock that runs ahead at every look, so that a training saves after every few steps. */
import { performance } from 'node:perf_hooks'

let now = 0
performance.now = () => (now += 1000)
await import('../moescope')
