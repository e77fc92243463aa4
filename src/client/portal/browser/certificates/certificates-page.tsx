import { Button, Spinner, Text, useRestoreFocusTarget } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { serviceCertificatesDocument } from '../../../../front-end/contract/wire/service-certificates.ts'
import { useManagement } from '../connection/connection.tsx'
import { useLive } from '../connection/live.ts'
import { servicePath } from '../form/slot.ts'
import { Confirmation } from '../operations/confirmation.tsx'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { AddCertificate } from './add-certificate.tsx'
import { CertificateTable } from './certificate-table.tsx'

/** The certificates of a cloud service (K-1 to K-3). */
export function Component() {
  const { t } = useTranslation('certificates')
  const { service = '' } = useParams()
  const {
    value: certificates,
    isKnown,
    isMissing,
  } = useLive(serviceCertificatesDocument, 'ListServiceCertificates', {
    service,
  })
  const [asked, setAsked] = useState<'add' | { readonly thumbprint: string }>()
  const close = useCallback(() => setAsked(undefined), [])
  const restoreFocus = useRestoreFocusTarget()
  return (
    <>
      <div>
        <PlaceLink to={servicePath(service)}>{service}</PlaceLink>
      </div>
      <PageTitle>{t('title', { service })}</PageTitle>
      <Text>{t('about')}</Text>
      <div>
        <Button appearance="primary" icon={<AddRegular />} {...restoreFocus} onClick={() => setAsked('add')}>
          {t('add.button')}
        </Button>
      </div>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      {isMissing && <Text>{t('noService', { service })}</Text>}
      {certificates?.length === 0 && <Text>{t('none')}</Text>}
      {certificates && certificates.length > 0 && (
        <CertificateTable
          label={t('title', { service })}
          certificates={certificates}
          onDelete={(thumbprint) => setAsked({ thumbprint })}
        />
      )}
      {asked === 'add' && <AddCertificate service={service} onClose={close} />}
      {typeof asked === 'object' && <DeleteCertificate service={service} {...asked} onClose={close} />}
    </>
  )
}

interface Deleted {
  readonly service: string
  readonly thumbprint: string
  onClose(): void
}

function DeleteCertificate({ service, thumbprint, onClose }: Deleted) {
  const { t } = useTranslation('certificates')
  const management = useManagement()
  return (
    <Confirmation
      title={t('delete.title')}
      button={t('delete.confirm')}
      request={{ title: t('delete.title'), send: () => management.deleteCertificate(service, thumbprint) }}
      onClose={onClose}
    >
      <Text>{t('delete.about')}</Text>
      <Text font="monospace">{thumbprint}</Text>
    </Confirmation>
  )
}
