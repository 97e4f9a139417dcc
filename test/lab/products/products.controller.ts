import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Cached, Invalidates } from '../../../src/platform/cache/cached.js';
import type { KeysetPage, NumberedPage } from '../../../src/platform/database/crud/pages.js';
import { Public } from '../../../src/platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../../../src/platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../../../src/platform/http/caching/preconditions.js';
import { PageOf } from '../../../src/platform/http/lists/pagination.js';
import { IdOr } from '../../../src/platform/http/requests/ids.js';
import { Responds } from '../../../src/platform/http/responses/documented-responses.js';
import { ProductCreate, ProductList, ProductRead, ProductUpdate, ProductWithRelations } from './products.dto.js';
import { CategoryNotFound, ProductNotFound, SkuTaken } from './products.errors.js';
import { ProductsService } from './products.service.js';

const ProductId = new IdOr(ProductNotFound);
const WRITING = [SkuTaken, CategoryNotFound];

@ApiTags('lab')
@Controller('lab/products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Post()
  @Invalidates('lab_products')
  @Responds({ summary: 'Create a product', status: 201, type: ProductRead, problems: WRITING })
  create(@CurrentCaller() caller: Caller, @Body() body: ProductCreate): Promise<ProductRead> {
    return this.products.create(caller.id, body);
  }

  @Get()
  @Public()
  @Cached({ key: 'lab_products', under: ['creators'], ttl: 600 })
  @Responds({ summary: 'List products, newest first', type: PageOf(ProductWithRelations, { keyset: true }) })
  list(@Query() query: ProductList): Promise<NumberedPage<ProductWithRelations> | KeysetPage<ProductWithRelations>> {
    return this.products.list(query);
  }

  @Get(':product_id')
  @Public()
  @Cached({ key: 'lab_product:{product_id}', under: ['creators'], ttl: 600 })
  @Responds({ summary: 'Read a product', type: ProductWithRelations, problems: [ProductNotFound] })
  read(@Param('product_id', ProductId) id: number): Promise<ProductWithRelations> {
    return this.products.read(id);
  }

  @Patch(':product_id')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({ summary: 'Change a product', type: ProductRead, problems: [ProductNotFound, ...WRITING] })
  update(
    @Param('product_id', ProductId) id: number,
    @Body() body: ProductUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<ProductRead> {
    return this.products.update(id, body, ifMatch);
  }

  @Delete(':product_id')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({ summary: 'Delete a product', status: 204, problems: [ProductNotFound] })
  delete(@Param('product_id', ProductId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.products.delete(id, ifMatch);
  }
}
