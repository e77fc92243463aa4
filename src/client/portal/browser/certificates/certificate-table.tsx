import {
  Button,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  useRestoreFocusTarget,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { bytesOfBase64 } from '../../../../front-end/contract/base64.ts'
import { CertificateCells, CertificateColumns } from './certificate-cells.tsx'

const useStyles = makeStyles({
  scroller: { overflowX: 'auto', width: '100%' },
  table: { minWidth: '56rem' },
  action: { width: '7rem' },
})

interface CertificateTableProps {
  /** Whose they are: the name of the table for those who do not see it. */
  readonly label: string
  /** `data`: DER in Base64. */
  readonly certificates: readonly { readonly thumbprint: string; readonly data: string }[]
  onDelete(thumbprint: string): void
}

/** Certificates, each with a button to delete it. */
export function CertificateTable({ label, certificates, onDelete }: CertificateTableProps) {
  const styles = useStyles()
  const { t } = useTranslation('certificates')
  const restoreFocus = useRestoreFocusTarget()
  return (
    <div className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
      <Table size="small" className={styles.table} aria-label={label}>
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
                  onClick={() => onDelete(thumbprint)}
                >
                  {t('delete.button')}
                </Button>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
