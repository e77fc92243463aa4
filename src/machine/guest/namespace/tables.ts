import { runTool } from './tool.ts'

/** Names of the machine's tables of nft for IPv4. */
export async function tables(): Promise<readonly string[]> {
  const lines = (await runTool('nft', ['list', 'tables', 'ip'])).split('\n')
  return lines.flatMap((line) => /^table ip (\S+)$/.exec(line)?.[1] ?? [])
}
