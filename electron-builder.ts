import type { Configuration } from 'electron-builder'

/** A certificate of one's own is named in the environment; without one the macOS app is signed ad hoc, or it would not start. */
const ownCertificate = process.env.CSC_LINK !== undefined || process.env.CSC_NAME !== undefined

/** Packages of `npm run package` on this system. `npm run package:check` checks it without Electron's program. */
const configuration: Configuration = {
  // No domain is claimed: the name only has to stay the same, since systems keep settings and file types under it.
  appId: 'moescope.laboratory',
  copyright: 'Copyright © Moescope contributors',
  // The bundles hold all their code. Returning false keeps node_modules out: the terminal's ONNX Runtime alone is 290 MB.
  beforeBuild: () => Promise.resolve(false),
  files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', 'LICENSE'],
  // electron-builder puts Electron's and Chromium's licences beside the program; those of the packages are
  // out/renderer/licences.txt.
  directories: { output: 'out/package', buildResources: 'packaging' },
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  asar: true,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true
  },
  publish: null,
  fileAssociations: [
    {
      ext: 'moescope',
      name: 'Moescope document',
      description: 'Moescope document',
      mimeType: 'application/x-moescope+json',
      role: 'Editor',
      rank: 'Owner'
    },
    {
      ext: 'moescope-story',
      name: 'Moescope story',
      description: 'Moescope story',
      mimeType: 'application/x-moescope-story',
      role: 'Editor',
      rank: 'Owner'
    }
  ],
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'icons',
    category: 'Science;Education',
    synopsis: 'Laboratory for mixture-of-experts language models',
    maintainer: 'Moescope contributors',
    vendor: 'Moescope contributors',
    syncDesktopName: true,
    desktop: { entry: { Keywords: 'mixture of experts;language model;neural network;routing;' } },
    // Linux has no ranks: whoever opened such files before goes on to, as long as the user does not choose otherwise.
    fileAssociations: [{ ext: 'safetensors', name: 'Tensors', mimeType: 'application/x-safetensors' }]
  },
  // The older default needs a library that current systems do not have, and starts Chromium without its sandbox.
  toolsets: { appimage: '1.0.3' },
  mac: {
    target: ['dmg', 'zip'],
    icon: 'icon.icns',
    category: 'public.app-category.education',
    hardenedRuntime: true,
    ...(ownCertificate ? {} : { identity: '-' }),
    fileAssociations: [{ ext: 'safetensors', name: 'Tensors', role: 'Viewer', rank: 'Alternate' }]
  },
  win: { target: ['nsis', 'portable'], icon: 'icon.ico' },
  nsis: {
    oneClick: false,
    allowToChangeInstallationDirectory: true,
    artifactName: '${productName}-${version}-${os}-${arch}-setup.${ext}',
    // electron-builder would make Moescope the owner of an extension; for .safetensors it is only offered.
    include: 'packaging/open-with.nsh'
  },
  portable: { artifactName: '${productName}-${version}-${os}-${arch}-portable.${ext}' },
  // A .deb must name a homepage. Whoever publishes one names it; nothing is invented here.
  extraMetadata: { homepage: process.env.MOESCOPE_HOMEPAGE ?? 'about:blank' }
}

export default configuration
