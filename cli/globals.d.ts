/** The product's version, written in by the build. */
declare const MOESCOPE_VERSION: string
