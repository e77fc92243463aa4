/**
 * Whether a script is the Node installer that the old SDK tools put into every Node package (design.md 6). The installer
 * only fetches Node and grants rights, so there is nothing left to do: the machine's Node is on PATH. One that its owner
 * has extended, so that it installs more, is not recognised.
 */
export function isNodeInstaller(stem: string, text: string): boolean {
  return /(?:^|\/)setup_(?:worker|web)$/i.test(stem) && text.split(/\r?\n/).every(isInstallerLine)
}

/** What the installers of SDK 1.6 to 2.9 consist of. */
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
  // The part for the emulator, which no fabric comes to.
  /^%appcmd%|^for\b.*"%appcmd%"|^if\b.*\($|^\)$/,
]

function isInstallerLine(line: string): boolean {
  const text = line.trim().toLowerCase()
  return installerLines.some((known) => known.test(text))
}
