/**
 * The first import of the page: the engine's worker, which loads ONNX Runtime, does so on another core while the page
 * begins.
 */
import { prepareWorker } from './client'

prepareWorker('engine')
