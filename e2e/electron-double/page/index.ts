/** What the double runs in every page before the page's own scripts. */
export { preloadWorld } from './preload-world'
export { mainWorld } from './worlds'
