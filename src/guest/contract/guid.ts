const prime = 0x100000001b3n
const offset = 0xcbf29ce484222325n

/**
 * `{8-4-4-4-12}`: the same for the same deployment and part in every document and every run.
 * The first 16 digits are the deployment ID's, the others an FNV-1a hash of the part's name.
 */
export function guidOf(deploymentId: string, part: string): string {
  let hash = offset
  for (const byte of new TextEncoder().encode(part)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  const digits = deploymentId.slice(0, 16).padEnd(16, '0') + hash.toString(16).padStart(16, '0')
  return `{${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}}`
}
