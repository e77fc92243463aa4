import {
  Button,
  makeStyles,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  useRestoreFocusTarget,
} from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { bytesOfBase64 } from '../../../../front-end/contract/base64.ts'
import { serviceCertificatesDocument } from '../../../../front-end/contract/wire/service-certificates.ts'
import { useManagement } from '../connection/connection.tsx'
import { useLive } from '../connection/live.ts'
import { servicePath } from '../form/slot.ts'
import { Confirmation } from '../operations/confirmation.tsx'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { AddCertificate } from './add-certificate.tsx'
import { CertificateCells, CertificateColumns } from './certificate-cells.tsx'

const useStyles = makeStyles({
  scroller: { overflowX: 'auto' },
  table: { minWidth: '56rem' },
  action: { width: '7rem' },
})

/** The certificates of a cloud service (K-1 to K-3). */
export function Component() {
  const styles = useStyles()
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
        <div className={styles.scroller} role="region" aria-label={t('title', { service })} tabIndex={0}>
          <Table size="small" className={styles.table} aria-label={t('title', { service })}>
            <TableHeader>
              <TableRow>
                <CertificateColumns />
                <TableHeaderCell className={styles.action}>{t('actions')}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {certificates.map(({ thumbprint, data }) => (
                <TableRow key={thumbprint}>
                  <CertificateCells thumbprint={thumbprint} der={bytesOfBase64(data)} />
                  <TableCell>
                    <Button
                      size="small"
                      aria-label={t('delete.of', { thumbprint })}
                      {...restoreFocus}
                      onClick={() => setAsked({ thumbprint })}
                    >
                      {t('delete.button')}
                    </Button>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
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
