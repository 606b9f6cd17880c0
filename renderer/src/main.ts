/**
 * Begins with the engine, so that it starts on another core while the page, which is a hundred times as large as this
 * script, loads and begins.
 */
import { startEngineEarly } from './engine/keeper'
import { viewsWithoutModels } from './state/views'

const view = new URLSearchParams(location.hash.slice(1)).get('view')
if (view === null || !viewsWithoutModels.includes(view)) startEngineEarly()
void import('./start')
