import { Field, Input, Text } from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { ConfirmDialog } from '../operations/confirm-dialog.tsx'
import { certificateFileLimit, formatOf } from './certificate-file.ts'
import { FileField } from './file-field.tsx'

/** Adds the certificates of a file to a cloud service (K-1). */
export function AddCertificate({ service, onClose }: { readonly service: string; onClose(): void }) {
  const { t } = useTranslation('certificates')
  const management = useManagement()
  const [file, setFile] = useState<File>()
  const [password, setPassword] = useState('')
  const format = file && formatOf(file.name)
  const isTooLarge = file !== undefined && file.size > certificateFileLimit
  const send = useCallback(async () => {
    if (!file) return ''
    const bytes = new Uint8Array(await file.arrayBuffer())
    return management.addCertificate(service, {
      bytes,
      format: formatOf(file.name),
      password: formatOf(file.name) === 'pfx' ? password : '',
    })
  }, [management, service, file, password])
  return (
    <ConfirmDialog
      title={t('add.title', { service })}
      action={t('add.confirm')}
      isReady={file !== undefined && !isTooLarge}
      send={send}
      onClose={onClose}
    >
      <Text>{t('add.about')}</Text>
      <FileField
        label={t('add.file')}
        accept=".pfx,.p12,.cer,.crt,.pem"
        file={file}
        fault={isTooLarge ? t('file.tooLarge', { size: certificateFileLimit / 1024 }) : undefined}
        choose={setFile}
      />
      {format === 'pfx' && (
        <Field label={t('add.password')} hint={t('add.passwordHint')}>
          <Input type="password" value={password} onChange={(_, { value }) => setPassword(value)} autoComplete="off" />
        </Field>
      )}
    </ConfirmDialog>
  )
}
