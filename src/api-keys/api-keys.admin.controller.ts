import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsSession, Superuser } from '../platform/http/access/access.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { AnyApiKey, AnyApiKeyList } from './api-keys.dto.js';
import { ApiKeyNotFound } from './api-keys.errors.js';
import { ApiKeysService } from './api-keys.service.js';

const ApiKeyId = new IdOr(ApiKeyNotFound);

@ApiTags('admin')
@Controller('admin/api-keys')
@Superuser()
@NeedsSession()
export class ApiKeysAdminController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Responds({
    operation: 'listAllApiKeys',
    summary: 'List the API keys of all users, newest first',
    type: PageOf(AnyApiKey, { keyset: true }),
  })
  list(@Query() query: AnyApiKeyList): Promise<NumberedPage<AnyApiKey> | KeysetPage<AnyApiKey>> {
    return this.keys.listAll(query);
  }

  @Get(':key_id')
  @Responds({
    operation: 'getAnyApiKey',
    summary: 'Read an API key of any user',
    type: AnyApiKey,
    problems: [ApiKeyNotFound],
  })
  read(@Param('key_id', ApiKeyId) id: number): Promise<AnyApiKey> {
    return this.keys.readAny(id);
  }

  @Delete(':key_id')
  @Responds({
    operation: 'revokeAnyApiKey',
    summary: 'Revoke an API key of any user',
    status: 204,
    problems: [ApiKeyNotFound],
  })
  revoke(@Param('key_id', ApiKeyId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.keys.revokeAny(id, ifMatch);
  }
}
