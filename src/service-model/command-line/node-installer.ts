import type { FindFile } from './use.ts'

/**
 * Whether a script is the Node installer that the old SDK tools put into every Node package (design.md 6). The installer fetches
 * Node and grants rights, which a guest has: the machine's Node is on PATH, and all files of a role are its own. An installer
 * that its owner has extended is not recognised.
 */
export function isNodeInstaller(stem: string, text: string): boolean {
  return /(?:^|\/)setup_(?:worker|web)$/i.test(stem) && text.split(/\r?\n/).every(isInstallerLine)
}

/** The parts of the installers of SDK 1.6 to 2.9. */
const installerLines: readonly RegExp[] = [
  /^$/,
  /^rem\b|^::/,
  /^@?echo\b/,
  /^icacls\b/,
  /^if\b.*\b(?:exit|goto|errorlevel)\b/,
  /^(?:powershell|\.\\?download\.ps1|cscript)\b/,
  /^(?:exit|goto|cd|set|setlocal|endlocal|popd|pushd)\b/,
  /^:\w+$/,
  /^%?(?:windir|systemroot)%.*\b(?:appcmd|inetsrv|icacls)\b/,
  /^(?:start \/w )?(?:msiexec|webpicmd|iisnode|node-setup|7za?)\b/,
  /^(?:copy|del|md|mkdir)\b/,
  // The part for the emulator, which never runs on a fabric.
  /^%appcmd%|^for\b.*"%appcmd%"|^if\b.*\($|^\)$/,
]

function isInstallerLine(line: string): boolean {
  const text = line.trim().toLowerCase()
  return installerLines.some((known) => known.test(text))
}

/** The two files of the site, above the installer's directory, one of which it copies over the other (I-43); undefined when it does not. */
export function copiedConfig(
  stem: string,
  text: string,
  find: FindFile,
): { readonly from: string; readonly to: string } | undefined {
  if (!/^\s*copy\b.*[\\ ]web\.cloud\.config\b.*[\\ ]web\.config\b/im.test(text)) return undefined
  const above = `${stem.slice(0, stem.lastIndexOf('/') + 1)}../`
  const from = find(`${above}Web.cloud.config`)?.path
  return from === undefined ? undefined : { from, to: find(`${above}Web.config`)?.path ?? `${above}Web.config` }
}
