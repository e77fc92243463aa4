import { deploymentDocument } from '../../../../front-end/contract/wire/deployment.ts'
import type { Document } from '../../../../front-end/contract/wire/document.ts'
import { hostedServiceDocument } from '../../../../front-end/contract/wire/hosted-service.ts'
import { progressDocument } from '../../../../front-end/contract/wire/progress.ts'
import type { Result } from '../../../../kernel/fault.ts'

/** Documents that grow with the number of instances, with the paths where they are answered. */
const largeDocuments: readonly { readonly path: RegExp; readonly document: Document<unknown> }[] = [
  { path: /\/progress$/, document: progressDocument },
  { path: /\/deploymentslots\/[^/?]+$/, document: deploymentDocument },
  { path: /^\/services\/hostedservices\/[^/?]+\?embed-detail=true$/, document: hostedServiceDocument },
]

/** Whether a document of this kind is answered at the path. */
export function isLargeAt(path: string): boolean {
  return largeDocuments.some((one) => one.path.test(path))
}

/** What an answer says; undefined where there is no such document at the path. */
export function readLarge(path: string, text: string): Result<unknown> | undefined {
  return largeDocuments.find((one) => one.path.test(path))?.document.read(text)
}
