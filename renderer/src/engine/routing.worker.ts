/** The traces that are open, away from the screen's thread. */
import { expose } from 'comlink'
import { createRoutingApi } from './routing-api'

expose(createRoutingApi())
