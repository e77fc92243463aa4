import { packageFile } from './package-file.ts'
import type { ServiceManagement } from './service-management.ts'
import { uploadPackage } from './upload.ts'
import { type Call, flag } from './verb.ts'

/**
 * Puts the package that was named, packed first if it is a definition, into the subscription's Blob service (U-20) and hands
 * its address to `use`. Afterwards the blob goes, for the fabric has its own copy (B-2); where the end of the operation
 * was not awaited nobody knows whether it has, and the blob stays.
 */
export async function withUploadedPackage(
  call: Call,
  fabric: ServiceManagement,
  named: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const { url, remove } = await upload(call, fabric, named)
  try {
    await use(url)
  } finally {
    if (!flag(call, 'no-wait') && !call.signal.aborted) await remove()
  }
}

async function upload(call: Call, fabric: ServiceManagement, named: string) {
  const { terminal, signal } = call
  const packed = await packageFile(named, call.pack)
  try {
    terminal.warn(packed.warnings)
    const account = await fabric.storageAccount()
    const uploaded = await uploadPackage(packed.path, account, signal, (share) =>
      terminal.progress([`Uploading: ${Math.floor(share * 10) * 10} %`]),
    )
    terminal.settle()
    return uploaded
  } finally {
    packed.dispose()
  }
}
