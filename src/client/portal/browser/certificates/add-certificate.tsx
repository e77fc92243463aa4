import { Field, Input, Text } from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { FileDrop } from '../form/file-drop.tsx'
import { Confirmation } from '../operations/confirmation.tsx'
import { certificateFileLimit, formatOf } from './certificate-file.ts'

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
    <Confirmation
      title={t('add.title', { service })}
      button={t('add.confirm')}
      isReady={file !== undefined && !isTooLarge}
      request={{ title: t('add.title', { service }), send }}
      onClose={onClose}
    >
      <Text>{t('add.about')}</Text>
      <Field
        label={t('add.file')}
        validationMessage={isTooLarge ? t('tooLarge', { size: certificateFileLimit / 1024 }) : null}
      >
        <FileDrop label={t('choose')} accept=".pfx,.p12,.cer,.crt,.pem" take={setFile}>
          {file && <Text>{file.name}</Text>}
        </FileDrop>
      </Field>
      {format === 'pfx' && (
        <Field label={t('add.password')} hint={t('add.passwordHint')}>
          <Input type="password" value={password} onChange={(_, { value }) => setPassword(value)} autoComplete="off" />
        </Field>
      )}
    </Confirmation>
  )
}
