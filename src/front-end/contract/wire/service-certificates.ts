import { record } from '../../../kernel/document/record.ts'
import { oneOf, text } from '../../../kernel/document/scalars.ts'
import { list, orElse } from '../../../kernel/document/tag.ts'
import { attachmentLimit, passwordLimit } from '../names.ts'
import { document } from './document.ts'
import { givenBase64, givenVerbatim } from './given.ts'

/** Body of Add Service Certificate (K-1). */
export const certificateFile = document(
  record('CertificateFile', {
    /** Base64 of the file. */
    data: givenBase64('Data', attachmentLimit),
    format: orElse(oneOf('CertificateFormat', ['pfx', 'cer']), 'pfx'),
    password: orElse(givenVerbatim('Password', passwordLimit), ''),
  }),
)

/** Answer of List Service Certificates (K-2). */
export const serviceCertificatesDocument = document(
  list(
    'Certificates',
    record('Certificate', {
      url: text('CertificateUrl'),
      thumbprint: text('Thumbprint'),
      thumbprintAlgorithm: text('ThumbprintAlgorithm'),
      /** Base64 of DER. */
      data: text('Data'),
    }),
  ),
)

/** Answer of Get Service Certificate. */
export const serviceCertificateDocument = document(record('Certificate', { data: text('Data') }))
