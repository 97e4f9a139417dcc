import { Readable } from 'node:stream';
import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Responds } from '../platform/http/responses/response-docs.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { accountExport } from './exports.dto.js';
import { ExportsService } from './exports.service.js';
import { ExportNotFound } from './exports.errors.js';

const TaskId = new IdOr(ExportNotFound);
const JSON_TYPE = 'application/json; charset=utf-8';

@ApiTags('users')
@Controller('users/me/exports')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get(':task_id')
  @Responds({
    operation: 'downloadExport',
    summary: 'Download your own data',
    streams: { mediaType: 'application/json', type: accountExport },
    problems: [ExportNotFound],
  })
  async download(@Param('task_id', TaskId) id: number, @CurrentCaller() caller: Caller): Promise<StreamableFile> {
    const text = Readable.from(await this.exports.open(id, caller), { objectMode: false });
    return new StreamableFile(text, { type: JSON_TYPE, disposition: 'attachment; filename="account.json"' });
  }
}
