import { Button, Field, makeStyles, Subtitle2, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { subscriptionCertificatesDocument } from '../../../../front-end/contract/wire/subscription.ts'
import { certificateFileLimit, derOf, thumbprintOf } from '../certificates/certificate-file.ts'
import { CertificateTable } from '../certificates/certificate-table.tsx'
import { useManagement } from '../connection/connection.tsx'
import { useLive } from '../connection/live.ts'
import { FileDrop } from '../form/file-drop.tsx'
import { Confirmation } from './confirmation.tsx'

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, alignItems: 'flex-start' },
})

/** The management certificates of the subscription: who holds the key of one of them may do everything (S-7). */
export function ManagementCertificates() {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const { value: certificates } = useLive(subscriptionCertificatesDocument, 'ListSubscriptionCertificates')
  const [asked, setAsked] = useState<'add' | { readonly thumbprint: string }>()
  const close = useCallback(() => setAsked(undefined), [])
  const restoreFocus = useRestoreFocusTarget()
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('certificate.title')}</Subtitle2>
      <Text>{t('certificate.about')}</Text>
      <Button icon={<AddRegular />} {...restoreFocus} onClick={() => setAsked('add')}>
        {t('certificate.add')}
      </Button>
      <CertificateTable
        label={t('certificate.title')}
        certificates={certificates ?? []}
        onDelete={(thumbprint) => setAsked({ thumbprint })}
      />
      {asked === 'add' && <AddManagementCertificate onClose={close} />}
      {typeof asked === 'object' && <DeleteManagementCertificate {...asked} onClose={close} />}
    </section>
  )
}

function AddManagementCertificate({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(['operations', 'certificates'])
  const management = useManagement()
  const [file, setFile] = useState<File>()
  const [der, setDer] = useState<Uint8Array>()
  const [fault, setFault] = useState<string>()
  const choose = useCallback(
    async (next: File) => {
      setFile(next)
      const read = next.size <= certificateFileLimit ? derOf(new Uint8Array(await next.arrayBuffer())) : undefined
      setDer(read)
      setFault(!read ? t('certificate.unreadable') : undefined)
    },
    [t],
  )
  const send = useCallback(
    async () => (der ? management.addManagementCertificate(await thumbprintOf(der), der) : ''),
    [management, der],
  )
  return (
    <Confirmation
      title={t('certificate.addTitle')}
      button={t('certificate.addConfirm')}
      isReady={der !== undefined}
      request={{ title: t('certificate.addTitle'), send }}
      onClose={onClose}
    >
      <Text>{t('certificate.addAbout')}</Text>
      <Field label={t('certificate.file')} validationMessage={fault ?? null}>
        <FileDrop
          label={t('choose', { ns: 'certificates' })}
          accept=".cer,.crt,.pem"
          take={(next) => void choose(next)}
        >
          {file && <Text>{file.name}</Text>}
        </FileDrop>
      </Field>
    </Confirmation>
  )
}

function DeleteManagementCertificate({ thumbprint, onClose }: { readonly thumbprint: string; onClose(): void }) {
  const { t } = useTranslation('operations')
  const management = useManagement()
  return (
    <Confirmation
      title={t('certificate.deleteTitle')}
      button={t('certificate.deleteConfirm')}
      request={{
        title: t('certificate.deleteTitle'),
        send: () => management.deleteManagementCertificate(thumbprint),
      }}
      onClose={onClose}
    >
      <Text>{t('certificate.deleteAbout')}</Text>
      <Text font="monospace">{thumbprint}</Text>
    </Confirmation>
  )
}
