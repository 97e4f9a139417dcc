import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsFreshProof, NeedsSession } from '../platform/http/access/access.js';
import { actorOf, type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { KeysetQuery, PageOf } from '../platform/http/lists/pagination.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { audit } from '../platform/runtime/log/audit.js';
import { ApiKeyCreate, ApiKeyRead, ApiKeyUpdate, ApiKeyWithText } from './api-keys.dto.js';
import { ApiKeyNotFound, PermissionNotYours, TooManyApiKeys } from './api-keys.errors.js';
import { ApiKeysService } from './api-keys.service.js';

const ApiKeyId = new IdOr(ApiKeyNotFound);

@ApiTags('api-keys')
@Controller('api-keys')
@NeedsSession()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @NeedsFreshProof()
  @StrictLimit()
  @Responds({
    operation: 'createApiKey',
    summary: 'Create an API key, which is shown only now',
    status: 201,
    type: ApiKeyWithText,
    problems: [TooManyApiKeys, PermissionNotYours],
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: ApiKeyCreate,
    @CurrentClient() client: Client,
  ): Promise<ApiKeyWithText> {
    const created = await this.keys.create(caller, body);
    audit('api_key_created', { ...actorOf(caller), api_key_id: created.id, ...client });
    return created;
  }

  @Get()
  @Responds({
    operation: 'listApiKeys',
    summary: 'List your own API keys, newest first',
    type: PageOf(ApiKeyRead, { keyset: true }),
  })
  list(
    @CurrentCaller() caller: Caller,
    @Query() query: KeysetQuery,
  ): Promise<NumberedPage<ApiKeyRead> | KeysetPage<ApiKeyRead>> {
    return this.keys.list(caller.id, query);
  }

  @Get(':key_id')
  @Responds({
    operation: 'getApiKey',
    summary: 'Read one of your own API keys',
    type: ApiKeyRead,
    problems: [ApiKeyNotFound],
  })
  read(@CurrentCaller() caller: Caller, @Param('key_id', ApiKeyId) id: number): Promise<ApiKeyRead> {
    return this.keys.read(caller.id, id);
  }

  @Patch(':key_id')
  @Responds({
    operation: 'updateApiKey',
    summary: 'Rename one of your own API keys',
    type: ApiKeyRead,
    problems: [ApiKeyNotFound],
  })
  rename(
    @CurrentCaller() caller: Caller,
    @Param('key_id', ApiKeyId) id: number,
    @Body() body: ApiKeyUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<ApiKeyRead> {
    return this.keys.rename(caller.id, id, body, ifMatch);
  }

  @Delete(':key_id')
  @Responds({
    operation: 'revokeApiKey',
    summary: 'Revoke one of your own API keys',
    status: 204,
    problems: [ApiKeyNotFound],
  })
  async revoke(
    @CurrentCaller() caller: Caller,
    @Param('key_id', ApiKeyId) id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    await this.keys.revoke(caller.id, id, ifMatch);
    audit('api_key_revoked', { ...actorOf(caller), api_key_id: id, ...client });
  }
}
