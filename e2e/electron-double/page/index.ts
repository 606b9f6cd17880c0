/** The script that the double runs in every page before the page's own. */
export { preloadWorld } from './preload-world'
export { mainWorld } from './worlds'
