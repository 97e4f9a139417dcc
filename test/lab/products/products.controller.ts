import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Cached, Invalidates } from '../../../src/platform/cache/cached.js';
import type { KeysetPage, NumberedPage } from '../../../src/platform/database/crud/pages.js';
import { Public } from '../../../src/platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../../../src/platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../../../src/platform/http/caching/preconditions.js';
import { PageOf } from '../../../src/platform/http/lists/pagination.js';
import { IdOr } from '../../../src/platform/http/requests/path-ids.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';
import { Idempotent } from '../../../src/platform/idempotency/idempotent.js';
import {
  LabProductCreate,
  LabProductList,
  LabProductRead,
  LabProductUpdate,
  LabProductWithRelations,
} from './products.dto.js';
import { LabCategoryNotFound, LabProductNotFound, SkuTaken } from './products.errors.js';
import { LabProductsService } from './products.service.js';

const LabProductId = new IdOr(LabProductNotFound);
const WRITING = [SkuTaken, LabCategoryNotFound];

@ApiTags('lab')
@Controller('lab/products')
export class LabProductsController {
  constructor(private readonly products: LabProductsService) {}

  @Post()
  @Idempotent()
  @Invalidates('lab_products')
  @Responds({
    operation: 'createProduct',
    summary: 'Create a product',
    status: 201,
    type: LabProductRead,
    problems: WRITING,
  })
  create(@CurrentCaller() caller: Caller, @Body() body: LabProductCreate): Promise<LabProductRead> {
    return this.products.create(caller.id, body);
  }

  @Get()
  @Public()
  @Cached({ key: 'lab_products', under: ['creators'], ttl: 600 })
  @Responds({
    operation: 'listProducts',
    summary: 'List products, newest first',
    type: PageOf(LabProductWithRelations, { keyset: true }),
  })
  list(
    @Query() query: LabProductList,
  ): Promise<NumberedPage<LabProductWithRelations> | KeysetPage<LabProductWithRelations>> {
    return this.products.list(query);
  }

  @Get(':product_id')
  @Public()
  @Cached({ key: 'lab_product:{product_id}', under: ['creators'], ttl: 600 })
  @Responds({
    operation: 'getProduct',
    summary: 'Read a product',
    type: LabProductWithRelations,
    problems: [LabProductNotFound],
  })
  read(@Param('product_id', LabProductId) id: number): Promise<LabProductWithRelations> {
    return this.products.read(id);
  }

  @Patch(':product_id')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({
    operation: 'updateProduct',
    summary: 'Change a product',
    type: LabProductRead,
    problems: [LabProductNotFound, ...WRITING],
  })
  update(
    @Param('product_id', LabProductId) id: number,
    @Body() body: LabProductUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<LabProductRead> {
    return this.products.update(id, body, ifMatch);
  }

  @Delete(':product_id')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({ operation: 'deleteProduct', summary: 'Delete a product', status: 204, problems: [LabProductNotFound] })
  delete(@Param('product_id', LabProductId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.products.delete(id, ifMatch);
  }
}
